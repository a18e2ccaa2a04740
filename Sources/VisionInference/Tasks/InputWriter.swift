public import VisionTensor

/// Converts subjects, such as images or rows of a table, to the input tensors of a network.
public protocol InputWriter<Subject, Context>: Sendable {
  associatedtype Subject: Sendable
  /// What decoding needs to know about the input: `InputGeometry` for images, statistics for columns, `Void`
  /// for nothing.
  associatedtype Context: Sendable

  /// The tensors of one subject, with the names of the network's inputs.
  var specs: [TensorSpec] { get }

  /// Writes the tensors of one subject. Any number of threads may call it, each with its own scratch.
  ///
  /// - Throws: an error of the subject, such as `ImageError`; other subjects are not affected.
  func write(_ subject: Subject, into slots: borrowing TensorSlots, _ scratch: InputScratch) throws -> Context
}
