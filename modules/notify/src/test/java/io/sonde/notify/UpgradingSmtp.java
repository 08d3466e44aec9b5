package io.sonde.notify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An SMTP server that wants STARTTLS and then a password (RFC 3207, RFC 4954), which GreenMail cannot. Keeps what it is told. */
final class UpgradingSmtp implements AutoCloseable {
    private final ServerSocket listening;
    private final SSLContext tls;
    private final String refusal;
    private final List<String> said = new CopyOnWriteArrayList<>();

    /** @param refusal of each login; empty takes all of them */
    UpgradingSmtp(SSLContext tls, String refusal) throws IOException {
        this.tls = tls;
        this.refusal = refusal;
        this.listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "smtp");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Lines of clients, those over TLS with a mark before them. */
    List<String> said() {
        return List.copyOf(said);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void serve() {
        try (Socket socket = listening.accept()) {
            talk(socket, "220 test ready\r\n", "");
        } catch (IOException e) {
            said.add("ended: " + e);
        }
    }

    private void talk(Socket socket, String greeting, String mark) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        answer(socket, greeting);
        boolean inData = false;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(mark + line);
            if (line.equals("STARTTLS")) {
                answer(socket, "220 go ahead\r\n");
                SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, port(), true);
                secured.setUseClientMode(false);
                talk(secured, "", "tls ");
                return;
            }
            inData = inData ? !line.equals(".") : line.equals("DATA");
            if (!inData || line.equals("DATA")) {
                answer(socket, reply(line, !mark.isEmpty()));
            }
        }
    }

    private String reply(String line, boolean secured) {
        return switch (line.split(" ")[0]) {
            case "EHLO" -> "250-test\r\n250 " + (secured ? "AUTH PLAIN" : "STARTTLS") + "\r\n";
            case "AUTH" -> refusal.isEmpty() ? "235 welcome\r\n" : "535 " + refusal + "\r\n";
            case "DATA" -> "354 go ahead\r\n";
            default -> "250 yes\r\n";
        };
    }

    private static void answer(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
