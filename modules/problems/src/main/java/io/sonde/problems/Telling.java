package io.sonde.problems;

import io.sonde.core.Channel;
import java.util.List;
import java.util.Optional;

/** Who is told of what, and how; as it is configured now. */
public interface Telling {
    /** The names of the channels that hear of the problem. */
    List<String> channels(Problem problem);

    /** Empty when there is none of that name any more. */
    Optional<Channel> channel(String name);
}
