package flinkops.testjob;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The steering folder: a file's name is what shall happen, its content says how. */
final class Control implements Serializable {
    /** How often a task looks at the folder. */
    static final long LOOK_NANOS = 100_000_000L;

    private static final Pattern TIMES = Pattern.compile("(\\d+)\\s*(.*)", Pattern.DOTALL);

    /** Null: nothing can be steered. A string, as a Path is not serializable. */
    private final String folder;

    Control(String folder) {
        this.folder = folder;
    }

    /** What failed because it was told to. */
    static final class Steered extends RuntimeException {
        Steered(String message) {
            super(message);
        }
    }

    boolean has(String name) {
        return folder != null && Files.exists(Path.of(folder, name));
    }

    /** The file's content, trimmed; null without the file. */
    String read(String name) {
        try {
            return folder == null ? null : Files.readString(Path.of(folder, name)).trim();
        } catch (NoSuchFileException absent) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long number(String name, long otherwise) {
        String content = read(name);
        return content == null || content.isEmpty() ? otherwise : Long.parseLong(content);
    }

    /** Fails while the file is there: for ever, or N times where its content starts with a number N. */
    void failWhile(String name) {
        fail(name, false);
    }

    /** Fails once and takes the file away, or N times where its content starts with a number N. */
    void failOnce(String name) {
        fail(name, true);
    }

    private void fail(String name, boolean once) {
        String content = read(name);
        if (content == null) {
            return;
        }
        Matcher times = TIMES.matcher(content);
        boolean counted = times.matches();
        String message = counted ? times.group(2) : content;
        if (counted || once) {
            use(name, counted ? Long.parseLong(times.group(1)) - 1 : 0, message);
        }
        throw new Steered("steered by " + name + (message.isEmpty() ? "" : ": " + message));
    }

    /** One time less: before the failure, so that a crash between the two can't repeat it for ever. */
    private void use(String name, long left, String message) {
        if (left > 0) {
            Board.replace(Path.of(folder, name), left + " " + message);
        } else {
            take(name);
        }
    }

    /** Takes the file away; the answer is its content, null if it was not there. */
    String take(String name) {
        String content = read(name);
        try {
            return content != null && Files.deleteIfExists(Path.of(folder, name)) ? content : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits while the file is there: at most its content's milliseconds, or until it is removed. */
    void hold(String name) {
        long start = System.nanoTime();
        try {
            for (String content = read(name); content != null; content = read(name)) {
                boolean bounded = TIMES.matcher(content).matches();
                if (bounded && System.nanoTime() - start >= Long.parseLong(content) * 1_000_000L) {
                    return;
                }
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Steered(name + " was interrupted");
        }
    }
}
