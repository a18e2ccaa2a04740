public import VisionGraph

/// What an ONNX file holds, its graph in VisionNet's own terms.
public struct OnnxModel: Sendable {
  /// The network; the names of inputs, outputs and initializers are those of the file.
  public var graph: Graph
  /// The weights, in the order of the file's initializers.
  public var parameters: Parameters
  /// `metadata_props`, in the order of the file.
  public var metadata: [(key: String, value: String)]
  /// The program that wrote the file, and its version.
  public var producer: String
  /// The version of ONNX's own operator set.
  public var opset: Int
  public var irVersion: Int
  /// What the reader let pass but the user may want to know.
  public var notes: [String]
  /// The files of external data that weights come from.
  package var otherFiles: [String] = []

  /// The value of a metadata key, or nil.
  public func metadata(_ key: String) -> String? { metadata.first { $0.key == key }?.value }
}
