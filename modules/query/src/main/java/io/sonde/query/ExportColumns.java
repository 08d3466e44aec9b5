package io.sonde.query;

import io.sonde.core.Distribution;
import io.sonde.core.Kind;
import io.sonde.core.Measure;
import io.sonde.core.WindowAggregate;
import io.sonde.edge.Json;
import io.sonde.problems.Problem;
import io.sonde.query.export.Column;
import io.sonde.views.DiagnosedWindow;
import io.sonde.views.Diagnosis;
import io.sonde.views.IncidentRow;
import io.sonde.views.Listed;
import io.sonde.views.StoredProblem;
import io.sonde.views.VerdictJson;
import io.sonde.views.WindowRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of each list that can be taken away, by the names they have in answers. What has parts there is JSON here. */
final class ExportColumns {
    private ExportColumns() {}

    static List<Column<WindowRow>> windows(Kind kind) {
        WindowJson json = new WindowJson(kind);
        List<Column<WindowRow>> columns = new ArrayList<>(List.of(
                Column.text(kind.sourceField(), WindowRow::source),
                Column.text("target", row -> row.aggregate().target()),
                Column.time("window_start_ts", row -> row.aggregate().startMs()),
                Column.count("count_total", row -> row.aggregate().total()),
                Column.count("count_success", row -> row.aggregate().success()),
                Column.count("count_error", row -> row.aggregate().error())));
        for (int i = 0; i < kind.errorStages().size(); i++) {
            int stage = i;
            columns.add(Column.count(
                    kind.errorStages().get(i).toLowerCase(Locale.ROOT) + "_error_count",
                    row -> errors(row.aggregate(), stage)));
        }
        for (int i = 0; i < kind.measures().size(); i++) {
            columns.addAll(measure(kind.measures().get(i), i));
        }
        columns.add(Column.json(
                "reasons", row -> Json.object(to -> json.reasons(row.aggregate().reasons(), to))));
        columns.add(Column.text("diagnosis_label", row -> row.diagnosis().label()));
        columns.add(score(WindowRow::diagnosis));
        columns.add(Column.text("rules", row -> row.diagnosis().rules()));
        columns.add(
                Column.json("verdicts", row -> VerdictJson.text(row.diagnosis().verdicts())));
        columns.add(Column.time("updated_at", WindowRow::updatedMs));
        return columns;
    }

    static List<Column<DiagnosedWindow>> diagnoses(Kind kind) {
        return List.of(
                Column.text(kind.sourceField(), DiagnosedWindow::source),
                Column.text("target", DiagnosedWindow::target),
                Column.time("window_start_ts", row -> row.position().startMs()),
                Column.count("revision", DiagnosedWindow::revision),
                Column.text("label", row -> row.diagnosis().label()),
                score(DiagnosedWindow::diagnosis),
                Column.text("rules", row -> row.diagnosis().rules()),
                Column.json("verdicts", row -> VerdictJson.text(row.diagnosis().verdicts())),
                Column.time("updated_at", DiagnosedWindow::updatedMs));
    }

    static List<Column<IncidentRow>> incidents(Kind kind) {
        return List.of(
                Column.text("id", IncidentRow::id),
                Column.text(kind.sourceField(), IncidentRow::source),
                Column.text("target", IncidentRow::target),
                Column.text("label", IncidentRow::label),
                Column.text("state", IncidentRow::state),
                Column.count("version", IncidentRow::version),
                Column.time("onset_ts", IncidentRow::onsetMs),
                Column.time("opened_ts", IncidentRow::openedMs),
                Column.time("last_seen_ts", IncidentRow::lastSeenMs),
                Column.time("ended_ts", IncidentRow::endedMs),
                Column.time("peak_window_start_ts", IncidentRow::peakMs),
                Column.number("peak_severity", "", row -> row.peak().severity()),
                Column.json("peak_verdict", row -> VerdictJson.text(row.peak())),
                Column.text("rules", IncidentRow::rules),
                Column.time("updated_at", IncidentRow::updatedMs));
    }

    static List<Column<StoredProblem>> problems(Kind kind) {
        return List.of(
                problem("id", Problem::id),
                problem("state", problem -> problem.isOpen() ? "open" : "ended"),
                problem("side", ProblemJson::side),
                problem("label", Problem::label),
                problem(kind.sourceField(), Problem::source),
                problem("target", Problem::target),
                Column.time("started_ts", row -> row.problem().startedMs()),
                Column.time(
                        "ended_ts",
                        row -> row.problem().isOpen() ? null : row.problem().endedMs()),
                problem("part_of", Problem::partOf),
                ack("ack_by", Problem.Ack::by),
                ack("ack_note", Problem.Ack::note),
                Column.time("ack_at", row -> {
                    Problem.Ack ack = row.problem().ack();
                    return ack == null ? null : ack.atMs();
                }),
                Column.count("incident_count", row -> row.problem().members().size()),
                problem("incidents", problem -> problem.members().stream()
                        .map(member -> member.incident())
                        .collect(Collectors.joining(" "))));
    }

    static List<Column<Listed.Series>> series(Kind kind) {
        return List.of(
                Column.text(kind.sourceField(), Listed.Series::source),
                Column.text("target", Listed.Series::target),
                Column.time("first_window_ts", Listed.Series::firstWindowMs),
                Column.time("last_window_ts", Listed.Series::lastWindowMs));
    }

    static List<Column<Listed.Source>> clients(Kind kind) {
        List<Column<Listed.Source>> columns = new ArrayList<>(List.of(
                Column.text(kind.sourceField(), Listed.Source::source),
                Column.json("attributes", row -> object(row.attributes())),
                Column.count("series_count", Listed.Source::series),
                Column.time("first_window_ts", Listed.Source::firstWindowMs),
                Column.time("last_window_ts", Listed.Source::lastWindowMs)));
        columns.addAll(condition(Listed.Source::condition));
        return columns;
    }

    static List<Column<Listed.Target>> targets() {
        List<Column<Listed.Target>> columns = new ArrayList<>(List.of(
                Column.text("target", Listed.Target::target),
                Column.count("client_count", Listed.Target::sources),
                Column.time("first_window_ts", Listed.Target::firstWindowMs),
                Column.time("last_window_ts", Listed.Target::lastWindowMs)));
        columns.addAll(condition(Listed.Target::condition));
        return columns;
    }

    private static List<Column<WindowRow>> measure(Measure measure, int i) {
        String name = measure.name();
        return List.of(
                Column.count(
                        name + "_count", row -> distribution(row.aggregate(), i).count()),
                number(name + "_min", measure.unit(), i, Distribution::min),
                number(name + "_max", measure.unit(), i, Distribution::max),
                number(name + "_p50", measure.unit(), i, Distribution::p50),
                number(name + "_p95", measure.unit(), i, Distribution::p95));
    }

    private static Column<WindowRow> number(String name, String unit, int i, ToDoubleFunction<Distribution> of) {
        return Column.number(name, unit, row -> of.applyAsDouble(distribution(row.aggregate(), i)));
    }

    private static Distribution distribution(WindowAggregate window, int i) {
        return i < window.measures().size() ? window.measures().get(i) : Distribution.EMPTY;
    }

    private static long errors(WindowAggregate window, int stage) {
        return stage < window.errors().size() ? window.errors().get(stage) : 0;
    }

    private static <T> Column<T> score(Function<T, Diagnosis> of) {
        return Column.number(
                "score", "", row -> of.apply(row).hasScore() ? of.apply(row).score() : Double.NaN);
    }

    private static Column<StoredProblem> problem(String name, Function<Problem, @Nullable String> of) {
        return Column.text(name, row -> of.apply(row.problem()));
    }

    private static Column<StoredProblem> ack(String name, Function<Problem.Ack, String> of) {
        return problem(name, problem -> {
            Problem.Ack ack = problem.ack();
            return ack == null ? null : of.apply(ack);
        });
    }

    private static <T> List<Column<T>> condition(Function<T, Listed.Condition> of) {
        return List.of(
                Column.text("status", row -> of.apply(row).status().code()),
                Column.count("open_incidents", row -> of.apply(row).incidents()),
                Column.text("worst_label", row -> of.apply(row).worst()),
                Column.text("open_labels", row -> String.join(" ", of.apply(row).labels())));
    }

    private static String object(Map<String, String> texts) {
        return Json.object(json -> {
            for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
                json.writeStringField(text.getKey(), text.getValue());
            }
        });
    }
}
