package flinkops.testjob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The folder where the job shows itself: value.json, history.jsonl and one file per start.
 *
 * <p>All of it is open to everybody, whatever the umask: a pod's user writes, a test's user reads.
 */
final class Board {
    private static final String STARTS = "starts";

    /** Null: nothing is shown. */
    private final Path folder;

    Board(String folder) {
        this.folder = folder == null ? null : Path.of(folder);
        if (this.folder != null) {
            make(this.folder);
            make(this.folder.resolve(STARTS));
        }
    }

    void value(Map<String, Object> facts) {
        if (folder != null) {
            replace(folder.resolve("value.json"), json(facts) + "\n");
        }
    }

    void start(String id, Map<String, Object> facts) {
        if (folder != null) {
            replace(folder.resolve(STARTS).resolve(id + ".json"), json(facts) + "\n");
        }
    }

    /** One write of one line, so that lines of several writers can't mix. */
    void history(Map<String, Object> facts) {
        if (folder == null) {
            return;
        }
        Path file = folder.resolve("history.jsonl");
        try {
            boolean isNew = !Files.exists(file);
            byte[] line = (json(facts) + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (isNew) {
                open(file, "rw-rw-rw-");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A reader sees the old content or the new one, never a part. */
    static void replace(Path file, String content) {
        Path next = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.writeString(next, content);
            open(next, "rw-rw-rw-");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void make(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder.getParent());
                Files.createDirectory(folder);
                open(folder, "rwxrwxrwx");
            }
        } catch (FileAlreadyExistsException madeMeanwhile) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void open(Path path, String rights) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
    }

    static String json(Map<String, Object> facts) {
        return facts.entrySet().stream()
                .map(fact -> quoted(fact.getKey()) + ": " + plain(fact.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String plain(Object value) {
        boolean bare = value == null || value instanceof Number || value instanceof Boolean;
        return bare ? String.valueOf(value) : quoted(value.toString());
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            boolean plain = c >= ' ' && c != '"' && c != '\\';
            quoted.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return quoted.append('"').toString();
    }
}
