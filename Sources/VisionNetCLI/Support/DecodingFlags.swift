import ArgumentParser

/// How picture files are read, for every command that decodes them.
struct DecodingFlags: ParsableArguments {
  @Flag(
    help:
      "Take files that are not quite as they should be for unreadable, though every pixel is there: bytes before a marker, a missing end, a wrong checksum of a remark."
  )
  var strictDecoding = false
}
