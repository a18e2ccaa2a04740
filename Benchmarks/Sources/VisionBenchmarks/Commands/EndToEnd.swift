import ArgumentParser
import VisionNet

/// `benchmark end-to-end`: from the bytes of photos to labels.
struct EndToEnd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "end-to-end",
    abstract: "From photos to labels: one after the other, in batches, and a whole process for one photo.",
    discussion: """
      The model must have been pulled before: `visionnet models pull efficientnet-lite0`. The whole process is \
      `visionnet classify PHOTO`.
      """)

  @OptionGroup var options: SharedOptions

  @Option(help: "A published model that has been pulled, or a file.")
  var model = "efficientnet-lite0"

  @Option(help: "A folder of photos. (default: the shared data, else the samples)")
  var folder: String?

  @Option(help: "How many photos at most.")
  var limit = 100

  func validate() throws {
    guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 100000") }
  }

  func run() throws {
    let report = try Report("end-to-end", options)
    let photos = try PhotoFolder(folder ?? Project.photos, limit: limit)
    for threads in try options.threadCounts() {
      let classifier =
        model.hasSuffix(".onnx")
        ? try ImageClassifier(contentsOf: model, threads: threads)
        : try ImageClassifier(pretrained: model, offline: true, threads: threads)
      let stream = try Stopwatch.seconds(options) {
        for file in photos.files { _ = try classifier.classify(Image(encoded: file), top: 1) }
      }
      try add(report, "one after the other", threads, photos.files.count, stream, nil)
      let batches = try Stopwatch.seconds(options) {
        for start in stride(from: 0, to: photos.files.count, by: ImageClassifier.largestBatch) {
          let part = photos.files[start..<min(start + ImageClassifier.largestBatch, photos.files.count)]
          _ = try classifier.classify(part.map { try Image(encoded: $0) }, top: 1)
        }
      }
      try add(report, "batches of \(ImageClassifier.largestBatch)", threads, photos.files.count, batches, nil)
      try process(threads, photos, report)
    }
    report.print()
  }

  private func process(_ threads: Int, _ photos: PhotoFolder, _ report: Report) throws {
    let command = [
      Project.visionnet, "classify", "--model", model, "--offline", "--threads", "\(threads)",
      photos.paths[0],
    ]
    let runs = try (0...options.rounds).map { _ in try ChildProcess(command) }.dropFirst()
    try add(
      report, "a process for one", threads, 1, Stopwatch.median(runs.map(\.seconds)),
      runs.map(\.peakBytes).max())
  }

  private func add(
    _ report: Report, _ name: String, _ threads: Int, _ count: Int, _ seconds: Double, _ memory: Int?
  ) throws {
    try report.add([
      ("what", .text(name)), ("model", .text(model)), ("threads", .integer(threads)),
      ("photos", .integer(count)), ("ms a photo", .number(seconds / Double(count) * 1e3, 2)),
      ("photos/s", .number(Double(count) / seconds, 1)),
      ("peak memory MB", memory.map { .number(Double($0) / 1e6, 1) } ?? .none),
    ])
  }
}
