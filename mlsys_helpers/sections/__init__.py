"""One folder for each section of the chapter, every folder with the same furniture."""
