public import VisionTensor

/// How subjects, such as images or rows of a table, become what a network reads.
public protocol InputWriter<Subject, Context>: Sendable {
  associatedtype Subject: Sendable
  /// What the way back needs: `InputGeometry` for images, statistics for columns, `Void` for nothing.
  associatedtype Context: Sendable

  /// The tensors of one subject, named as the network's inputs.
  var specs: [TensorSpec] { get }

  /// Writes the tensors of one subject. Any number of threads may call it, each with a scratch of its own.
  ///
  /// - Throws: an error of the subject, such as `ImageError`; other subjects are not affected.
  func write(_ subject: Subject, into slots: borrowing TensorSlots, _ scratch: InputScratch) throws -> Context
}
