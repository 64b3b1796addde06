"""What to do about each finding, said once for the page that lists them."""

from __future__ import annotations

_STOPS, _WARNS, _NOTES = "Yes", "No, a warning", "No, a note"

# The exact words of each finding name the file, the column and the rows; these say how
# to think about it.
ADVICE = {
    "SP01": (_STOPS, "Check the path. Save the plan as plain text in UTF-8, not as a Word file."),
    "SP02": (_STOPS, "Look for a slip of the pen; the message offers the nearest known key."),
    "SP03": (_STOPS, "See the plan reference for the form of that key."),
    "SP04": (_STOPS, "Read both places that the message names and decide which is right."),
    "SW01": (_STOPS, "Correct the path; close the file in Excel; save it as CSV or xlsx."),
    "SW02": (_STOPS, "Copy the heading from the file into the plan, letter for letter."),
    "SW03": (_STOPS, "Correct the score, declare a missing code, or set `out_of_range`."),
    "SW04": (_STOPS, "Declare the missing code, the `date_format` or the `decimal` sign."),
    "SW05": (_STOPS, "Look for a comma or a line break inside a cell without quotation marks."),
    "SW06": (_STOPS, 'Save as CSV UTF-8, or set `encoding = "cp1252"`.'),
    "SW07": (_STOPS, "Give each column that the plan names a heading of its own."),
    "SW08": (_STOPS, "Remove totals and remarks below the data, or give the pseudonym."),
    "SW09": (_STOPS, "Keep one row, give each row its date, or change the layout to long."),
    "SW10": (_STOPS, "Write the arm as `[[arms]]` does, for everybody."),
    "SW11": (_STOPS, "Decide which arm the person was in from the start."),
    "SW12": (_STOPS, "Add the person to the people file, or correct the pseudonym."),
    "SW13": (_STOPS, "Write the wave as `[[waves]]` does, or leave the wave out and give dates."),
    "SW14": (_WARNS, "Check the dates first, then whether the windows are realistic."),
    "SW15": (_WARNS, "Nothing, if `pick` says what you meant."),
    "SW16": (_WARNS, "Find the missing dates; without them the score counts for no wave."),
    "SW17": (_STOPS, "Fill the practice for everybody, or leave the column out of the plan."),
    "SW18": (_WARNS, "Find out how such scores came about."),
    "SW19": (_NOTES, "Nothing, if the rows are empty."),
    "SW20": (_WARNS, "Keep the date of every questionnaire from now on."),
    "SW21": (_STOPS, "Copy the file into the folder of the plan."),
    "SW22": (_WARNS, "Check the dates; the date decides, not the name of the wave."),
    "SW23": (_STOPS, "Save the sheet that is needed as CSV."),
    "SW24": (_WARNS, "Check which practice the person belonged to at the start."),
    "SW25": (_WARNS, "Check the column, the missing codes and the window of that wave."),
    "SW26": (_STOPS, "Correct the dates: each person has one time zero."),
    "SW27": (_WARNS, "Nothing, if the first link worker is the one that matters."),
    "SW28": (_STOPS, "Fill the file, or name the one that holds the data."),
    "SW29": (_WARNS, "The plan says that the files end at data_cut. One of the two is wrong."),
}
