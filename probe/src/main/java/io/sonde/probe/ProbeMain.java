package io.sonde.probe;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** {@code sonde-probe}: the stand-alone probe. */
@Command(
        name = "sonde-probe",
        mixinStandardHelpOptions = true,
        versionProvider = ProbeMain.Version.class,
        description = "Measures what the network is like from here: DNS, TCP, TLS, first byte, throughput.",
        subcommands = {OnceCommand.class, RunCommand.class, HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Begin with:  sonde-probe once https://example.org/"})
public final class ProbeMain {
    private static final int WRONG_SETTINGS = 2;

    private ProbeMain() {}

    public static void main(String[] args) {
        System.exit(execute(args, writer(System.out), writer(System.err)));
    }

    /** @return the exit code */
    static int execute(String[] args, PrintWriter out, PrintWriter err) {
        return new CommandLine(new ProbeMain())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(ProbeMain::explain)
                .execute(args);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), true);
    }

    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        String message = failure.getMessage();
        command.getErr().println(message == null ? failure.toString() : message);
        return failure instanceof WrongSettings ? WRONG_SETTINGS : 1;
    }

    /** As the archive was built. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sonde-probe " + number().orElse("(not packaged)")};
        }

        static Optional<String> number() {
            return Optional.ofNullable(ProbeMain.class.getPackage().getImplementationVersion());
        }
    }
}
