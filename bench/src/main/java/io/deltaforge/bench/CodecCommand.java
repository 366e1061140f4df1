package io.deltaforge.bench;

import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bench codec}: JMH over the decoder and the encoders. */
@Command(
        name = "codec",
        mixinStandardHelpOptions = true,
        description = "Nanoseconds and bytes allocated per event, decoding pgoutput and encoding each envelope (JMH).")
final class CodecCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "PATTERN",
            arity = "0..1",
            defaultValue = "CodecBenchmark",
            description = "Benchmarks to run, a regular expression, e.g. decode (default ${DEFAULT-VALUE}).")
    String pattern = "CodecBenchmark";

    @Override
    public Integer call() throws Exception {
        new Runner(new OptionsBuilder()
                        .include(pattern)
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
        return 0;
    }
}
