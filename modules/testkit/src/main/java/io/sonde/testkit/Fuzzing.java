package io.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gives a reader right bytes that Jazzer changed, guided by the branches they reach, in a process of its own: it may take
 * them or refuse them in the one way it declares, soon and within its memory. What makes it do anything else is left in a
 * file. {@code -Dsonde.fuzz.runs} says how many, {@code -Dsonde.seed} which.
 */
public final class Fuzzing {
    private static final int RUNS = Integer.getInteger("sonde.fuzz.runs", 25_000);
    /** For one input: what hangs does so for ever, and the first one also waits for classes on a busy machine. */
    private static final int MOST_SECONDS = 30;

    private static final String MOST_MEMORY = "-Xmx192m";

    private Fuzzing() {}

    /** Reads bytes; throws what is not to its liking. */
    @FunctionalInterface
    public interface Reader {
        void read(byte[] bytes) throws Exception;
    }

    /** One of several readers: the first byte of what Jazzer made says which, the others are what it reads. */
    public static void read(byte[] made, Class<? extends Exception> refusal, Reader... readers) {
        if (made.length > 0) {
            Reader reader = readers[Byte.toUnsignedInt(made[0]) % readers.length];
            read(reader, refusal, Arrays.copyOfRange(made, 1, made.length));
        }
    }

    private static void read(Reader reader, Class<? extends Exception> refusal, byte[] bytes) {
        try {
            reader.read(bytes);
        } catch (Exception e) {
            if (!refusal.isInstance(e)) {
                throw new AssertionError("not a " + refusal.getSimpleName(), e);
            }
        }
    }

    /** For the reader of that number, as {@link #read} finds it. */
    public static byte[] forReader(int number, byte[] right) {
        byte[] seed = new byte[right.length + 1];
        seed[0] = (byte) number;
        System.arraycopy(right, 0, seed, 1, right.length);
        return seed;
    }

    /**
     * @param target has a {@code public static void fuzzerTestOneInput(byte[])}
     * @param folder where Jazzer keeps what it found
     * @param right what it starts from
     */
    public static void run(Class<?> target, Path folder, List<byte[]> right) throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        for (int i = 0; i < right.size(); i++) {
            Files.write(corpus.resolve("right-" + i), right.get(i));
        }
        Path log = folder.resolve("jazzer.log");

        int exit = new ProcessBuilder(command(target, folder, corpus))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();

        String said = Files.readString(log);
        assertThat(exit).as(said).isZero();
        assertThat(said).contains("Done " + RUNS + " runs");
    }

    private static List<String> command(Class<?> target, Path folder, Path corpus) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                Jvm.compiler(),
                MOST_MEMORY,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=io.sonde.**",
                "--custom_hook_includes=io.sonde.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_len=4096",
                "-timeout=" + MOST_SECONDS,
                "-runs=" + RUNS,
                corpus.toString()));
        String seed = System.getProperty("sonde.seed", "");
        if (!seed.isBlank()) {
            command.add("-seed=" + seed);
        }
        return command;
    }
}
