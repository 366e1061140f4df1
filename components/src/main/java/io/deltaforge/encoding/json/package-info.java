@NullMarked
package io.deltaforge.encoding.json;

import org.jspecify.annotations.NullMarked;
