import VisionNet
import VisionSystem

/// Photos in memory that are classified one after another, as a camera would deliver them.
struct PhotoStream {
  private let classifier: ImageClassifier
  private let photos: [[UInt8]]

  var count: Int { photos.count }

  /// Reads the photos and classifies each once, so that `seconds` does not include work that is done only
  /// once.
  ///
  /// - Parameter model: a model file, or a pretrained model that is on this machine.
  init(_ model: String, files: [String], threads: Int) throws {
    guard !files.isEmpty else { throw CommandError(.usage, "photos needs files") }
    let path = try ModelLocator(offline: true, messages: Messages()).path(of: model)
    classifier = try ImageClassifier(contentsOf: path, threads: threads)
    photos = try files.map { try FilePath($0).contents(limit: ImageOptions().maximumFileBytes) }
    _ = try seconds()
  }

  /// Seconds per photo, from its encoded bytes to the most likely class.
  func seconds() throws -> Double {
    let start = POSIX.seconds
    for photo in photos {
      _ = try classifier.classify(Image(encoded: photo, options: classifier.reading()), top: 1)
    }
    return (POSIX.seconds - start) / Double(photos.count)
  }
}
