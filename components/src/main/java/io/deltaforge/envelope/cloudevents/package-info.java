/** CloudEvents 1.0 (specification and its JSON format, structured mode). */
@NullMarked
package io.deltaforge.envelope.cloudevents;

import org.jspecify.annotations.NullMarked;
