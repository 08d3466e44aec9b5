/** People: their accounts, how they sign in, and the sessions of those who have. */
@NullMarked
package io.sonde.app.users;

import org.jspecify.annotations.NullMarked;
