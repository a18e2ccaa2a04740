import ArgumentParser

/// What every benchmark is told.
struct SharedOptions: ParsableArguments {
  @Option(help: "Append the measurements to this file, a line of JSON each.")
  var out: String?

  @Option(help: "Threads, each in turn, separated by commas.")
  var threads = "1,2"

  @Option(help: "Rounds; the median counts.")
  var rounds = 5

  @Option(help: "Seconds that a round takes at least.")
  var seconds = 0.1

  func validate() throws {
    guard (1...1000).contains(rounds) else { throw ValidationError("--rounds must be from 1 to 1000") }
    guard seconds > 0, seconds <= 60 else { throw ValidationError("--seconds must be above 0, at most 60") }
    _ = try threadCounts()
  }

  func threadCounts() throws -> [Int] { try Self.numbers(threads, "--threads", 1...1024) }

  static func numbers(_ text: String, _ name: String, _ range: ClosedRange<Int>) throws -> [Int] {
    let numbers = text.split(separator: ",").map { Int($0) ?? -1 }
    guard !numbers.isEmpty, numbers.allSatisfy(range.contains) else {
      throw ValidationError(
        "\(name) must be numbers from \(range.lowerBound) to \(range.upperBound): '\(text)'")
    }
    return numbers
  }

  static func names(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }
}
