import ArgumentParser
import VisionCompute
import VisionImage
import VisionNet

/// What every command takes that looks at images one after another: how they are read, on how many threads, what is said, and
/// what ends the call.
struct ImageCallFlags: ParsableArguments {
  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  @Flag(help: "Decode truncated or damaged images as far as possible instead of refusing them.")
  var allowTruncated = false

  @OptionGroup(title: "Reading images") var decoding: DecodingFlags

  @Flag(help: "Stop at the first image that cannot be read.")
  var strict = false

  @Flag(help: ArgumentHelp("The former name of --strict.", visibility: .hidden))
  var failOnError = false

  @Flag(help: "Work offline: download nothing.")
  var offline = false

  @OptionGroup(title: "Messages") var saying: MessageFlags

  func validate() throws {
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  var stopsAtError: Bool { strict || failOnError }

  var messages: Messages { saying.messages }

  /// How the images are read.
  func options(_ preprocessing: Preprocessing? = nil) throws(ImageError) -> ImageOptions {
    ImageOptions(
      allowsTruncated: allowTruncated, isStrict: decoding.strictDecoding, levels: try decoding.levels(),
      preprocessing: preprocessing)
  }

  /// The number of threads, and of images that are looked at at a time: a few images are looked at one after another by all threads
  /// together, and of many, or an unknown number, each thread has its own.
  func workers(images: Int?) -> (threads: Int, workers: Int) {
    let threads = threads ?? Executor.availableThreads
    return (threads, (images ?? .max) < threads ? 1 : threads)
  }
}
