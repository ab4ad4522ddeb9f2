"""Sets one sheet in a process of its own: JSON in, a PDF or a picture out. Run by `setting.py` as a script.

A text of very many small parts takes gigabytes and many seconds to be laid out, and what typst once took it keeps.
"""

import json
import sys

import typst

REFUSED = 41


def main() -> int:
    """Read the order from standard input, write what was made to standard output; or what is wrong, and REFUSED."""
    order = json.loads(sys.stdin.buffer.read())
    folder = order["folder"]
    try:
        made = typst.compile(
            f"{folder}/{order['template']}",
            root=folder,
            # Those that typst carries and ours; never those of the machine, which differ.
            font_paths=[order["fonts"]],
            ignore_system_fonts=True,
            sys_inputs={"sheet": json.dumps(order["sheet"])},
            format=order["format"],
            ppi=72.0,  # of a picture: one point is one of its dots
            pdf_standards=order["standards"],
        )
    except typst.TypstError as error:
        sys.stdout.write(f"{error.message}\n{error.diagnostic}")
        return REFUSED
    sys.stdout.buffer.write(bytes(made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
