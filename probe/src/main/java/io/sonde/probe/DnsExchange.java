package io.sonde.probe;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/** One question to one server: over UDP, and again over TCP when the answer was truncated (RFC 7766 §5). */
final class DnsExchange {
    private static final int PAYLOAD_LIMIT = 1_232;

    private DnsExchange() {}

    static Message ask(InetSocketAddress server, Message query, Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        Message question = query.clone();
        question.addRecord(new OPTRecord(PAYLOAD_LIMIT, 0, 0), Section.ADDITIONAL);
        Message answer = overUdp(server, question, end);
        return answer.getHeader().getFlag(Flags.TC) ? overTcp(server, question, end) : answer;
    }

    private static Message overUdp(InetSocketAddress server, Message query, long end) throws IOException {
        byte[] wire = query.toWire();
        try (var socket = new DatagramSocket()) {
            // Connected, so that only this server's answers come in and a closed port is told at once.
            socket.connect(server);
            socket.send(new DatagramPacket(wire, wire.length));
            var packet = new DatagramPacket(new byte[PAYLOAD_LIMIT], PAYLOAD_LIMIT);
            while (true) {
                socket.setSoTimeout(leftMs(end));
                packet.setLength(PAYLOAD_LIMIT);
                socket.receive(packet);
                Message answer = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                if (answers(query, answer)) {
                    return answer;
                }
            }
        }
    }

    private static Message overTcp(InetSocketAddress server, Message query, long end) throws IOException {
        byte[] wire = query.toWire();
        try (var socket = new Socket()) {
            socket.connect(server, leftMs(end));
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(2 + wire.length)
                            .putShort((short) wire.length)
                            .put(wire)
                            .array());
            socket.setSoTimeout(leftMs(end));
            var in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return new Message(answer);
        }
    }

    private static boolean answers(Message query, Message answer) {
        return answer.getHeader().getID() == query.getHeader().getID()
                && answer.getHeader().getFlag(Flags.QR)
                && query.getQuestion().equals(answer.getQuestion());
    }

    private static int leftMs(long end) throws SocketTimeoutException {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("the resolver did not answer in time");
        }
        return (int) left;
    }
}
