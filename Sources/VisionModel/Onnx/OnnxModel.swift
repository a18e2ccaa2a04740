public import VisionGraph

/// The contents of an ONNX file, with its graph in VisionNet's own form.
public struct OnnxModel: Sendable {
  /// The network; inputs, outputs and initializers have the same names as in the file.
  public var graph: Graph
  /// The weights, in the order of the file's initializers.
  public var parameters: Parameters
  /// `metadata_props`, in file order.
  public var metadata: [(key: String, value: String)]
  /// The program that wrote the file, and its version.
  public var producer: String
  /// The version of ONNX's own operator set.
  public var opset: Int
  public var irVersion: Int
  /// Remarks about the file for the user.
  public var notes: [String]
  /// The files of external data that weights come from.
  package var otherFiles: [String] = []

  /// The value of a metadata key, or nil.
  public func metadata(_ key: String) -> String? { metadata.first { $0.key == key }?.value }
}
