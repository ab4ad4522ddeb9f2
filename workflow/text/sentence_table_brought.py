"""Sentences about files and what is pasted: why it is not taken, or what to look at in what was.

A part of `sentence_table.py`, which says how they are written.
"""

from workflow.text.sentence_mark import N_

BROUGHT = {
    "file-pdf": N_(
        "This is a PDF, out of which a text cannot be taken reliably. Bring the file that it was made from, or"
        " copy the text out of it and paste it below."
    ),
    "file-old-word": N_(
        "This is an old Word file (.doc), or one with a password. Open it, save it as .docx without a"
        " password, and bring that."
    ),
    "file-rich-text": N_(
        "This is a rich text file (.rtf). Open it in your word processor, save it as .docx, and bring that."
    ),
    "file-open-document": N_(
        "This is an OpenDocument file, such as .odt. Open it in your word processor, save it as .docx, and bring that."
    ),
    "word-unreadable": N_(
        "This is not a Word file that can be read. Open it in your word processor, save it again as .docx, or copy"
        " the text and paste it below."
    ),
    "word-too-large": N_(
        "This Word file is too large: at most %(limit)s megabytes. Take the pictures out, or copy the text and paste"
        " it below."
    ),
    "word-bomb": N_(
        "This Word file unpacks to more than a text can be, and was not opened. Copy the text and paste it below."
    ),
    "word-names": N_(
        "This Word file has parts with names that lead out of it, and was not opened. Save it again as .docx, or"
        " copy the text and paste it below."
    ),
    "word-packed": N_(
        "This Word file holds other files, such as a table or an archive, and was not opened. Take them out, or copy"
        " the text and paste it below."
    ),
    "word-macros": N_(
        "This Word file holds macros, and was not opened. Save it as .docx without macros, and bring that."
    ),
    "word-entities": N_(
        "This Word file is written in a way that Word does not write, and was not read. Save it again as .docx, or"
        " copy the text and paste it below."
    ),
    "word-outside": N_(
        "This Word file refers to something outside of it, such as a template or a linked picture, and was not read."
        " Copy the text and paste it below."
    ),
    "word-too-much": N_(
        "Reading this Word file took too long or too much memory. Copy the text and paste it below, or in parts."
    ),
    "word-tracked": N_(
        "The file has tracked changes. Insertions taken into the text: %(inserted)s. Deletions left out: %(deleted)s."
        " See whether that is what you mean."
    ),
    "word-formulas": N_("Formulas were left out: %(count)s."),
    "word-heads": N_("What stands at the top and the foot of the pages was left out."),
    "headline-not-found": N_("No headline was found. Type it into its field, and take it out of the text."),
    "pictures-left-out": N_("Pictures were left out: %(count)s."),
    "tables-as-lines": N_("Tables were read as lines, with | between the cells: %(count)s."),
    "links-without-place": N_("Links that lead to no web page and no mail address kept their words only: %(count)s."),
    "struck-words": N_("Words that are struck through were taken like others. Places to look at: %(count)s."),
    "removed-words": N_("Words marked as deleted were left out. Places: %(count)s."),
    "remarks": N_("Comments beside the text were left out: %(count)s."),
}
