package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serial;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;

/** A stage ended the measurement: which one, and the type of the failure as events name it. */
final class StageFailed extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final Stage stage;
    private final String type;

    StageFailed(Stage stage, String type, String detail) {
        super(detail, null, false, false);
        this.stage = stage;
        this.type = type;
    }

    /**
     * Told by class and stage, not by message: messages of the operating system come in its language.
     */
    static StageFailed of(Stage stage, IOException e) {
        return new StageFailed(stage, type(stage, e), detail(e));
    }

    Stage stage() {
        return stage;
    }

    String type() {
        return type;
    }

    /** For people; may be worded by the operating system. */
    String detail() {
        return String.valueOf(getMessage());
    }

    StageFailed at(Stage other) {
        return new StageFailed(other, type, detail());
    }

    private static String type(Stage stage, IOException e) {
        if (cause(e, RefusedCertificate.class).isPresent()) {
            return cause(e, RefusedCertificate.class).get().type();
        }
        if (cause(e, SocketTimeoutException.class).isPresent()) {
            return "timeout";
        }
        if (cause(e, ConnectException.class).isPresent()
                || cause(e, PortUnreachableException.class).isPresent()) {
            return "refused";
        }
        if (cause(e, NoRouteToHostException.class).isPresent()) {
            return "unreachable";
        }
        if (cause(e, SocketException.class).isPresent()) {
            return stage == Stage.TCP || stage == Stage.DNS ? "unreachable" : "reset";
        }
        return cause(e, EOFException.class).isPresent() ? "closed" : "protocol";
    }

    private static String detail(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static <T extends Throwable> Optional<T> cause(Throwable e, Class<T> type) {
        Throwable at = e;
        for (int depth = 0; at != null && depth < 10; depth++) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
            at = at.getCause();
        }
        return Optional.empty();
    }
}
