package io.sonde.query.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class CsvFileTest {
    private record Row(@Nullable String name, double value, @Nullable Long time) {}

    private static final List<Column<Row>> COLUMNS = List.of(
            Column.text("name", Row::name), Column.number("value", "ms", Row::value), Column.time("at", Row::time));

    @Example
    void theHeaderHasUnitsAndWhatIsNotThereIsEmpty() {
        assertThat(text(new Row(null, Double.NaN, null), new Row("a", -1.5, 0L)))
                .isEqualTo("name,value [ms],at\r\n,,\r\na,-1.5,1970-01-01T00:00:00Z\r\n");
    }

    @Example
    void whatASpreadsheetWouldTakeForAFormulaIsAText() {
        for (String formula :
                List.of("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "=\"a\",\"b\"")) {
            String cell = Csv.read(text(new Row(formula, 1, null))).get(1).get(0);

            assertThat(cell).isEqualTo("'" + formula);
        }
    }

    @Example
    void aNumberBelowZeroIsNoFormula() {
        assertThat(text(new Row("a", -1, null))).contains("a,-1.0,");
    }

    /** Read as RFC 4180 says; but for the apostrophe what comes out is what went in. */
    @Property
    void whateverATextHoldsItIsOneCell(@ForAll("texts") String text) {
        List<List<String>> read = Csv.read(text(new Row(text, 1, null), new Row("next", 2, null)));

        assertThat(read).hasSize(3).allSatisfy(line -> assertThat(line).hasSize(3));
        String cell = read.get(1).get(0);
        assertThat(cell.startsWith("'") && !text.startsWith("'") ? cell.substring(1) : cell)
                .isEqualTo(text);
        assertThat(cell).doesNotMatch("(?s)[=+\\-@\t\r].*");
        assertThat(read.get(2).get(0)).isEqualTo("next");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', '\'', ';', 'a', '<', '\u202e')
                .ofMinLength(1)
                .ofMaxLength(8);
    }

    private static String text(Row... rows) {
        TableFile<Row> file = new CsvFile<>(COLUMNS);
        StringBuilder text = new StringBuilder();
        try {
            for (Row row : rows) {
                file.add(row);
                text.append(new String(file.taken(), StandardCharsets.UTF_8));
            }
            file.end();
            return text.append(new String(file.taken(), StandardCharsets.UTF_8)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
