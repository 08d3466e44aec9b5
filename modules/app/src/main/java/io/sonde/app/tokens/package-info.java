/** Tokens: what they look like, where they are kept, and the authority that the edge and the query API ask. */
@NullMarked
package io.sonde.app.tokens;

import org.jspecify.annotations.NullMarked;
