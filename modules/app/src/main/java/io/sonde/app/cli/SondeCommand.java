package io.sonde.app.cli;

import io.sonde.app.problem.ExitCode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code sonde}: the commands there are. */
@Command(
        name = "sonde",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {"Network quality of experience: that it is slow, where, and why.", ""},
        footer = {
            "",
            "Start here:",
            "  sonde up                       everything in one process tree, with a probe that measures",
            "  sonde token create --scope ingest --client berlin-1",
            "                                 a token for one more probe",
            "",
            "For a cluster on your own PostgreSQL and NATS:",
            "  sonde migrate --config conf/sonde.conf",
            "  sonde node --config conf/sonde.conf"
        },
        exitCodeListHeading = "%nExit codes:%n",
        subcommands = {
            UpCommand.class,
            NodeCommand.class,
            MigrateCommand.class,
            TargetCommand.class,
            TokenCommand.class,
            UserCommand.class,
            RebuildCommand.class,
            DlqCommand.class,
            NotifyCommand.class,
            VerifyCommand.class,
            DoctorCommand.class,
            UpkeepCommand.class,
            PostgresCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class SondeCommand {
    /** Ready to be executed; failures become one line and an exit code. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new SondeCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionStrategy(parsed -> {
                    Logs.requireKnownFormat(parsed.commandSpec().commandLine());
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setParameterExceptionHandler(Complaints::wrongUsage)
                .setExecutionExceptionHandler(Complaints::failed);
        commandLine.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        return commandLine;
    }

    private static Map<String, String> exitCodes() {
        return Arrays.stream(ExitCode.values())
                .collect(Collectors.toMap(
                        code -> Integer.toString(code.code()),
                        ExitCode::meaning,
                        (one, other) -> one,
                        LinkedHashMap::new));
    }
}
