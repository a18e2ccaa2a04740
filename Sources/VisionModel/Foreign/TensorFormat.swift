import VisionGraph

/// A file format for named tensors without the network that uses them.
package enum TensorFormat: String, Sendable, CaseIterable {
  case pytorch, safetensors, npy, npz

  /// The name shown to users.
  package var title: String {
    switch self {
    case .pytorch: "PyTorch checkpoint"
    case .safetensors: "safetensors"
    case .npy: "NumPy array"
    case .npz: "NumPy arrays"
    }
  }

  /// The tensors of the file at `path` in file order, and its metadata.
  ///
  /// - Throws: `FormatError` when the file has another format or is damaged.
  package func read(_ path: String) throws(FormatError) -> SafeTensors.Contents {
    switch self {
    case .pytorch: return SafeTensors.Contents(parameters: try PyTorchCheckpoint.read(path), metadata: [])
    case .safetensors: return try SafeTensors.read(path)
    case .npz: return SafeTensors.Contents(parameters: try NumPyArchive.read(path), metadata: [])
    case .npy:
      var parameters = Parameters()
      parameters["array"] = try NumPyArray.read(path)
      return SafeTensors.Contents(parameters: parameters, metadata: [])
    }
  }
}
