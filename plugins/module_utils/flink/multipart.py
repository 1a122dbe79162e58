# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A form with one file, read as it is sent: a jar of any size costs no memory."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from .errors import BadAccess
from .transport import Upload

BLOCK = 64 * 1024


class Form:
    def __init__(self, upload: Upload) -> None:
        self._boundary = secrets.token_hex(16)
        try:
            self._file = upload.path.open("rb")
        except OSError as error:
            why = f"{upload.path} cannot be read: {error.strerror}"
            raise BadAccess(why) from error
        self._size = upload.path.stat().st_size
        name = (
            upload.name.replace("\\", "_").replace('"', "_").replace("\r", "_").replace("\n", "_")
        )
        self._head = (
            f"--{self._boundary}\r\n"
            f'Content-Disposition: form-data; name="jarfile"; filename="{name}"\r\n'
            f"Content-Type: {upload.media_type}\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{self._boundary}--\r\n".encode()

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self._boundary}"

    def __len__(self) -> int:
        return len(self._head) + self._size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        while block := self._file.read(BLOCK):
            yield block
        yield self._tail

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
