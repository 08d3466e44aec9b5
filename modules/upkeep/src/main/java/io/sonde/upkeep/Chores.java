package io.sonde.upkeep;

import java.util.List;

/** Everything that upkeep sees to, in its order. */
final class Chores {
    private Chores() {}

    static List<Chore> of(UpkeepSettings settings) {
        Pause pause = new Pause(settings.pause());
        int batch = settings.batch();
        return List.of(
                new MonthsAheadTable(settings.monthsAhead()),
                new OldMonthsTable("old-minutes", "window_1m", "1h", settings.keepMinutes(), settings.lockTimeout()),
                new OldMonthsTable("old-hours", "window_1h", "1d", settings.keepRollups(), settings.lockTimeout()),
                new OldDaysTable(settings.keepRollups(), batch, pause),
                // Journalled windows are what they can be made of again.
                new OldRowsSaidTable(
                        new OldRowsTable(
                                "old-tails",
                                "window_tail",
                                "ctid",
                                "o.window_start < :before",
                                settings.keepJournal(),
                                batch,
                                pause),
                        "window_tail"),
                // Their hours have been made of them.
                new OldRowsSaidTable(
                        new OldRowsTable(
                                "old-overview-minutes",
                                "overview",
                                "ctid",
                                "o.resolution = '1m' AND o.window_start < :before AND NOT EXISTS (SELECT 1 FROM overview_due d"
                                        + " WHERE d.tenant = o.tenant AND d.kind = o.kind AND d.resolution <> '1d'"
                                        + " AND date_trunc('hour', d.window_start, 'UTC')"
                                        + " = date_trunc('hour', o.window_start, 'UTC'))",
                                settings.keepMinutes(),
                                batch,
                                pause),
                        "overview_1m"),
                new OldRowsTable(
                        "old-overviews",
                        "overview",
                        "ctid",
                        "o.window_start < :before",
                        settings.keepRollups(),
                        batch,
                        pause),
                // What began earlier is found by its index; few of those go on.
                new OldRowsTable(
                        "old-incidents",
                        "incident",
                        "id",
                        "o.onset < :before AND o.ended < :before",
                        settings.keepEnded(),
                        batch,
                        pause),
                // Who has not been told yet still will be.
                new OldRowsTable(
                        "old-deliveries",
                        "delivery",
                        "key",
                        "o.problem_id IN (SELECT id FROM problem WHERE ended_at < :before) AND o.state <> 'DUE'",
                        settings.keepEnded(),
                        batch,
                        pause),
                new OldRowsTable(
                        "old-problems",
                        "problem",
                        "id",
                        "o.ended_at < :before AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.problem_id = o.id)",
                        settings.keepEnded(),
                        batch,
                        pause),
                new OldRowsTable(
                        "old-silences", "silence", "id", "o.until_at < :before", settings.keepEnded(), batch, pause),
                TrimmedJournalTable.ofWindows(settings.keepJournal(), batch, pause),
                TrimmedJournalTable.ofProblems(settings.keepJournal(), batch, pause),
                new OldRowsTable(
                        "old-setting-changes",
                        "setting_change",
                        "ctid",
                        "o.changed_at < :before",
                        settings.keepSettingChanges(),
                        batch,
                        pause),
                new OldRowsTable(
                        "old-audit", "audit", "id", "o.at < :before", settings.keepSettingChanges(), batch, pause),
                new OldRowsTable(
                        "old-sessions",
                        "web_session",
                        "sha256",
                        "o.expires_at < :before",
                        settings.keepRuns(),
                        batch,
                        pause),
                new OldRowsTable(
                        "old-sign-in-failures",
                        "sign_in_failure",
                        "sha256",
                        "o.last_at < :before",
                        settings.keepRuns(),
                        batch,
                        pause),
                // A node says every five seconds that it is there; what it was called when it was killed means nothing.
                new OldRowsTable("old-nodes", "node", "address", "o.seen < :before", settings.keepRuns(), batch, pause),
                new OldRowsTable(
                        "old-upkeep-runs",
                        "upkeep_run",
                        "id",
                        "o.started_at < :before",
                        settings.keepRuns(),
                        batch,
                        pause));
    }
}
