import ArgumentParser
import VisionService

/// What requests may cost, and how images share a run.
struct LimitFlags: ParsableArguments {
  @Option(help: "The most megabytes (2^20) of a request.")
  var bodyLimit = 64

  @Option(
    help: "The most megabytes (2^20) that all requests take at a time; more are refused with status 429.")
  var bodyMemory = 512

  @Option(help: "The most megapixels (2^20) of an image.")
  var pixelLimit = 64

  @Option(help: "The most images of a request.")
  var imageLimit = 64

  @Option(help: "Images that may wait; more are refused with status 429.")
  var queue = 128

  @Option(help: "Seconds in which a request must arrive, and again in which its answer must begin.")
  var timeout = 30.0

  @Option(help: "Connections at a time.")
  var connections = 1024

  @Option(help: "The most megabytes (2^20) that the weights of all models take together. (default: no limit)")
  var memoryLimit: Int?

  @Option(help: "The most images of one model in one run; the last digits of results depend on it.")
  var batchSize = 1

  @Option(help: "Milliseconds that an image waits for others to share its run.")
  var batchDelay = 0.0

  func validate() throws {
    let numbers = [
      ("--body-limit", bodyLimit, 4096), ("--body-memory", bodyMemory, 1 << 20),
      ("--pixel-limit", pixelLimit, 1024),
      ("--image-limit", imageLimit, 4096),
      ("--queue", queue, 1 << 20), ("--connections", connections, 1 << 20), ("--batch-size", batchSize, 256),
      ("--memory-limit", memoryLimit ?? 1, 1 << 24),
    ]
    for (name, value, most) in numbers {
      guard (1...most).contains(value) else { throw ValidationError("\(name) must be from 1 to \(most)") }
    }
    guard timeout.isFinite, (0.1...3600).contains(timeout) else {
      throw ValidationError("--timeout must be from 0.1 to 3600")
    }
    guard batchDelay.isFinite, (0...10_000).contains(batchDelay) else {
      throw ValidationError("--batch-delay must be from 0 to 10000")
    }
    guard bodyMemory >= bodyLimit else {
      throw ValidationError("--body-memory must not be less than --body-limit")
    }
    guard queue >= imageLimit else { throw ValidationError("--queue must not be less than --image-limit") }
  }

  func apply(to settings: inout ServiceSettings) {
    settings.limits.bodyBytes = bodyLimit << 20
    settings.limits.allBodies = bodyMemory << 20
    settings.limits.pixels = pixelLimit << 20
    (settings.limits.images, settings.limits.queue) = (imageLimit, queue)
    (settings.limits.seconds, settings.limits.connections) = (timeout, connections)
    settings.memory = memoryLimit.map { $0 << 20 }
    (settings.batching.size, settings.batching.milliseconds) = (batchSize, batchDelay)
  }
}
