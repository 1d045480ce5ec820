"""The claims, a module for each section of the chapter, called as the section is; `opening` is what stands before 1.1.

Each holds CLAIMS in reading order. A formula calls the companion's models where there is one, and names what it takes
from elsewhere: `given` for what the chapter prints, `facts` for what the world says.
"""
