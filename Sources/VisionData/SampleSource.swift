public import VisionSystem

/// Numbered samples of any kind: images of a folder, rows of a table.
public protocol SampleSource<Subject, Truth>: Sendable {
  associatedtype Subject: Sendable
  associatedtype Truth: Annotation
  /// The number of samples.
  var count: Int { get }
  /// The sample of that number, in 0..<count; any number of threads may ask.
  ///
  /// - Throws: `TrainingError` with the file as place where it cannot be read.
  func sample(_ index: Int) throws(TrainingError) -> Sample<Subject, Truth>
}
