package io.sonde.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A DNS server on loopback whose answer is in the first label of the name it is asked for: {@code nxdomain},
 * {@code servfail}, {@code silent} and so on fail or mislead; {@code at-192-0-2-1} is at that address, {@code rebinding} at
 * 192.0.2.1 and at 127.0.0.1 in turn; every other name is at 127.0.0.1 and ::1. It answers at once, or late when told to.
 */
public final class DnsServer implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger rebindings = new AtomicInteger();
    private final ScheduledThreadPoolExecutor answers =
            new ScheduledThreadPoolExecutor(1, task -> thread("answers", task), new ThreadPoolExecutor.DiscardPolicy());
    private volatile Duration delay = Duration.ZERO;

    private DnsServer(ServerSocket tcp, DatagramSocket udp) {
        this.tcp = tcp;
        this.udp = udp;
        thread("udp", untilClosed(this::overUdp)).start();
        thread("tcp", untilClosed(this::overTcp)).start();
    }

    /** On a free port, the same for UDP and TCP. */
    public static DnsServer start() throws IOException {
        var tcp = new ServerSocket(0, 10, LOOPBACK);
        try {
            return new DnsServer(tcp, new DatagramSocket(tcp.getLocalPort(), LOOPBACK));
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(LOOPBACK, tcp.getLocalPort());
    }

    /** As a probe's {@code dns-server} wants it. */
    public String setting() {
        return LOOPBACK.getHostAddress() + ":" + tcp.getLocalPort();
    }

    /** How many were answered. */
    public int questions() {
        return questions.get();
    }

    /** Questions over UDP from now on are answered this much later, each by itself: they do not queue up. */
    public void delay(Duration by) {
        delay = by;
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
        answers.shutdownNow();
    }

    private void overUdp() throws IOException {
        while (true) {
            var packet = new DatagramPacket(new byte[1500], 1500);
            udp.receive(packet);
            var unused = answers.schedule(untilClosed(() -> answer(packet)), delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void answer(DatagramPacket packet) throws IOException {
        Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        String label = query.getQuestion().getName().getLabelString(0);
        if (label.equals("silent")) {
            return;
        }
        if (label.equals("spoofed")) {
            Message foreign = answer(query, false);
            foreign.getHeader().setID(query.getHeader().getID() ^ 1);
            send(foreign, packet);
        }
        send(answer(query, label.equals("truncated")), packet);
    }

    private void send(Message answer, DatagramPacket to) throws IOException {
        byte[] wire = answer.toWire();
        udp.send(new DatagramPacket(wire, wire.length, to.getSocketAddress()));
    }

    private void overTcp() throws IOException {
        while (true) {
            try (Socket socket = tcp.accept()) {
                var in = new DataInputStream(socket.getInputStream());
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                byte[] wire = answer(new Message(query), false).toWire();
                socket.getOutputStream()
                        .write(ByteBuffer.allocate(2 + wire.length)
                                .putShort((short) wire.length)
                                .put(wire)
                                .array());
            }
        }
    }

    private Message answer(Message query, boolean truncated) throws IOException {
        questions.incrementAndGet();
        Record question = query.getQuestion();
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question, Section.QUESTION);
        if (truncated) {
            answer.getHeader().setFlag(Flags.TC);
            return answer;
        }
        Name name = question.getName();
        switch (name.getLabelString(0)) {
            case "nxdomain" -> answer.getHeader().setRcode(Rcode.NXDOMAIN);
            case "servfail" -> answer.getHeader().setRcode(Rcode.SERVFAIL);
            case "refused" -> answer.getHeader().setRcode(Rcode.REFUSED);
            case "formerr" -> answer.getHeader().setRcode(Rcode.FORMERR);
            case "empty" -> {}
            case "loop" -> answer.addRecord(new CNAMERecord(name, DClass.IN, 60, name), Section.ANSWER);
            case "alias" ->
                answer.addRecord(new CNAMERecord(name, DClass.IN, 60, Name.fromString("good.test.")), Section.ANSWER);
            default -> addresses(question).forEach(record -> answer.addRecord(record, Section.ANSWER));
        }
        return answer;
    }

    private List<Record> addresses(Record question) throws IOException {
        Name name = question.getName();
        String label = name.getLabelString(0);
        if (question.getType() == Type.A && label.matches("at(-\\d{1,3}){4}")) {
            InetAddress there = InetAddress.getByName(label.substring(3).replace('-', '.'));
            return List.of(new ARecord(name, DClass.IN, 0, there));
        }
        if (question.getType() == Type.A && label.equals("rebinding") && rebindings.getAndIncrement() % 2 == 0) {
            return List.of(new ARecord(name, DClass.IN, 0, InetAddress.getByName("192.0.2.1")));
        }
        if (question.getType() == Type.A && !name.getLabelString(0).equals("six")) {
            return List.of(new ARecord(name, DClass.IN, 60, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        }
        return question.getType() == Type.AAAA
                ? List.of(new AAAARecord(name, DClass.IN, 60, InetAddress.getByAddress(IPV6_LOOPBACK)))
                : List.of();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static Runnable untilClosed(Work work) {
        return () -> {
            try {
                work.run();
            } catch (IOException closed) {
                // The test is over.
            }
        };
    }

    private static Thread thread(String what, Runnable task) {
        Thread thread = new Thread(task, "dns-server-" + what);
        thread.setDaemon(true);
        return thread;
    }
}
