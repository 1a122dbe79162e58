package flinkops.testjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger("a");

    private String count(long number) {
        return ledger.count(number, (number - 1) / Ledger.SEQUENCES + 1);
    }

    private void countTo(long last) {
        for (long number = 1; number <= last; number++) {
            assertNull(count(number), "number " + number);
        }
    }

    @Test
    void anEmptyLedgerIsRightAndShowsZero() {
        assertNull(ledger.audit(true));
        assertEquals(0, ledger.value());
    }

    @Test
    void theValueIsTheLastNumberAtEveryPoint() {
        for (long number = 1; number <= 3 * Ledger.SEQUENCES + 5; number++) {
            assertNull(count(number));
            assertEquals(number, ledger.value());
            assertNull(ledger.audit(true));
        }
    }

    @Test
    void sequencesMayOvertakeEachOtherButAlignedStateMayHaveNoHole() {
        countTo(10);
        assertNull(count(12));
        assertEquals(10, ledger.value());
        assertNull(ledger.audit(false));
        assertEquals("count 11 and sum 67 are not those of 1..10", ledger.audit(true));
    }

    @Test
    void aGapIsToldAtOnceAndForEver() {
        countTo(Ledger.SEQUENCES);
        assertEquals("gap: 129 was due and 257 came", count(2 * Ledger.SEQUENCES + 1));
        Ledger restored = Ledger.ofText(ledger.toText());
        assertEquals("count 129 and sum 8513 are not the position's 130 and 8642", restored.audit(false));
        assertEquals(2L, restored.figures().get("errors"));
        assertEquals("gap: 129 was due and 257 came", restored.figures().get("first_error"));
    }

    @Test
    void aRepeatIsToldAtOnceAndForEver() {
        countTo(200);
        assertEquals("repeat: 200 came again, 328 was due", count(200));
        assertEquals(200, ledger.value());
        assertEquals("count 201 and sum 20300 are not the position's 200 and 20100", ledger.audit(false));
    }

    @Test
    void keyedStateThatWasLostShowsThoughTheNumbersAreRight() {
        countTo(Ledger.SEQUENCES);
        assertEquals("keyed state: sequence 0 counts 1 at 129, which is its number 2", ledger.count(129, 1));
    }

    @Test
    void itsTextHoldsAllOfIt() {
        countTo(1000);
        Ledger restored = Ledger.ofText(ledger.toText());
        assertEquals(ledger.toText(), restored.toText());
        assertEquals(ledger.figures(), restored.figures());
        assertNull(restored.count(1001, 8));
    }
}
