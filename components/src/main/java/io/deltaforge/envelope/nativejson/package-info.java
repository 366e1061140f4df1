@NullMarked
package io.deltaforge.envelope.nativejson;

import org.jspecify.annotations.NullMarked;
