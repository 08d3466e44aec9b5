/** How people are told: the channels, what they say, and who gets what. */
@NullMarked
package io.sonde.notify;

import org.jspecify.annotations.NullMarked;
