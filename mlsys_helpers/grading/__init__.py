"""Grading a class, in the order in which a term runs.

course, roster, gradebook    what everything stands on: who, what is asked, and every score
cells, words                 tables for spreadsheets; numbers, names and times as they are told everywhere
handing_out                  release: notebooks with numbers of each student's own
handing_in                   submit: the one file of a student, tried beforehand
collecting                   collect: whatever arrives, taken or refused with its reason
running                      grade: rebuilt, run, judged, written; on this machine or on a cluster
  sandbox                    where a submission runs: it knows no answer, and can do no harm
marking                      mark: what a person decides
giving_back                  feedback and report: a page for each student, and one for who teaches
exporting                    export: Canvas, Moodle, spreadsheets
"""
