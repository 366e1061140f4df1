package io.deltaforge.sink.kafka;

/** Kafka's rule for names of topics. */
final class TopicName {
    static final String RULE = "must be 1 to 249 of the characters a-z A-Z 0-9 . _ - and not . or ..";
    private static final int MAX_LENGTH = 249;

    private TopicName() {}

    static boolean isLegal(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH || name.equals(".") || name.equals("..")) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean legal = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == '-';
            if (!legal) {
                return false;
            }
        }
        return true;
    }
}
