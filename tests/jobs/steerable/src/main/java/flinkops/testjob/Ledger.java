package flinkops.testjob;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The book of which numbers were counted. It knows arithmetic only: no Flink, no files, no clock.
 *
 * <p>The numbers 1, 2, 3, … are dealt to {@link #SEQUENCES} sequences like cards, and each sequence
 * arrives in order. So a gap or a repeat shows at once, however the sequences interleave.
 */
final class Ledger {
    static final int SEQUENCES = 128;

    final String lineage;
    private final long[] seen = new long[SEQUENCES];
    private long count;
    private long sum;
    private long errors;
    private String firstError = "";

    Ledger(String lineage) {
        this.lineage = lineage;
    }

    static int sequenceOf(long number) {
        return (int) ((number - 1) % SEQUENCES);
    }

    private static long placeOf(long number) {
        return (number - 1) / SEQUENCES + 1;
    }

    /** Counts one number; the answer is what is wrong with it, or null. */
    String count(long number, long countedByWork) {
        int sequence = sequenceOf(number);
        long place = placeOf(number);
        long due = seen[sequence] * SEQUENCES + sequence + 1;
        count++;
        sum += number;
        seen[sequence] = Math.max(seen[sequence], place);
        if (number > due) {
            return note("gap: " + due + " was due and " + number + " came");
        }
        if (number < due) {
            return note("repeat: " + number + " came again, " + due + " was due");
        }
        if (countedByWork != place) {
            return note("keyed state: sequence " + sequence + " counts " + countedByWork
                    + " at " + number + ", which is its number " + place);
        }
        return null;
    }

    /** The largest n of which all of 1..n were seen: the position, as far as it is without holes. */
    long value() {
        long value = Long.MAX_VALUE;
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            value = Math.min(value, seen[sequence] * SEQUENCES + sequence);
        }
        return value;
    }

    /**
     * Compares count and sum with the position; the answer is what is wrong, or null. With aligned
     * barriers nothing is on its way while a checkpoint is drawn, so then the value itself must agree.
     */
    String audit(boolean aligned) {
        long wantedCount = 0;
        long wantedSum = 0;
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            long places = seen[sequence];
            wantedCount += places;
            wantedSum += places * (sequence + 1) + SEQUENCES * (places * (places - 1) / 2);
        }
        if (count != wantedCount || sum != wantedSum) {
            return note("count " + count + " and sum " + sum + " are not the position's "
                    + wantedCount + " and " + wantedSum);
        }
        long value = value();
        if (aligned && (count != value || sum != value * (value + 1) / 2)) {
            return note("count " + count + " and sum " + sum + " are not those of 1.." + value);
        }
        return null;
    }

    String note(String error) {
        errors++;
        if (firstError.isEmpty()) {
            firstError = error;
        }
        return error;
    }

    /** What is published of it. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("value", value());
        figures.put("count", count);
        figures.put("sum", sum);
        figures.put("errors", errors);
        figures.put("first_error", firstError);
        figures.put("lineage", lineage);
        return figures;
    }

    String toText() {
        String places = Arrays.stream(seen).mapToObj(Long::toString).collect(Collectors.joining(","));
        return String.join("\n", lineage, "" + count, "" + sum, places, "" + errors, firstError);
    }

    static Ledger ofText(String text) {
        String[] lines = text.split("\n", -1);
        Ledger ledger = new Ledger(lines[0]);
        ledger.count = Long.parseLong(lines[1]);
        ledger.sum = Long.parseLong(lines[2]);
        long[] places = Arrays.stream(lines[3].split(",")).mapToLong(Long::parseLong).toArray();
        System.arraycopy(places, 0, ledger.seen, 0, SEQUENCES);
        ledger.errors = Long.parseLong(lines[4]);
        ledger.firstError = lines[5];
        return ledger;
    }
}
