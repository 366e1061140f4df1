/** The structure and the values that Debezium's PostgreSQL connector writes by default. */
@NullMarked
package io.deltaforge.envelope.debezium;

import org.jspecify.annotations.NullMarked;
