public import VisionGraph
import VisionTensor

/// Reads the tensors of PyTorch checkpoints as data; no code in the file and no Python is ever run.
///
/// Both the zip format (PyTorch 1.6 and later) and the older one are supported. Contiguous tensors are not
/// copied but stay ranges of the mapped file. Everything except tensors and plain containers is rejected with
/// an error that names it.
///
/// Source: torch/serialization.py.
public enum PyTorchCheckpoint {
  /// The keys under which training scripts store the state dictionary, in order of preference.
  private static let wrappers = ["state_dict", "model_state_dict", "model"]
  /// Limits for pickles that refer to the same object many times.
  private static let nesting = 64
  private static let tensors = 1 << 20

  /// The tensors of the checkpoint at `path`, in its order; nested names are joined by dots.
  ///
  /// A dictionary `state_dict`, `model_state_dict` or `model` at the top is unwrapped.
  public static func read(_ path: String) throws(FormatError) -> Parameters {
    try read(MappedFile(path).bytes)
  }

  /// The tensors of a checkpoint in memory.
  public static func read(bytes: [UInt8]) throws(FormatError) -> Parameters { try read(ByteRange(bytes)) }

  private static func read(_ bytes: ByteRange) throws(FormatError) -> Parameters {
    do {
      if ZipArchive.matches(bytes) {
        let file = try TorchZip(bytes)
        let unpickler = Unpickler(file.pickle)
        return try collect(unpickler.run(), size: bytes.count) { (storage) throws(FormatError) in
          try file.bytes(storage)
        }
      }
      let file = try TorchLegacy(bytes)
      return try collect(file.object, size: bytes.count) { (storage) throws(FormatError) in
        try file.bytes(storage)
      }
    } catch {
      throw ForeignFile.explained(
        error, bytes, wanted: "a PyTorch checkpoint", own: .pytorch
      ).at(file: bytes.file)
    }
  }

  private static func collect(
    _ object: PickleValue, size: Int, _ storage: (TorchStorage) throws(FormatError) -> ByteRange
  ) throws(FormatError) -> Parameters {
    var list: [(name: String, tensor: TorchTensor)] = []
    var visits = 0
    try flatten(unwrapped(object), "", 0, &visits, &list)
    guard !list.isEmpty else {
      throw FormatError(.corrupt, "the checkpoint holds no tensors", remedy: "save the model's state_dict")
    }
    // Enough for any real checkpoint, but a limit for views that repeat one element many times.
    var budget = max(size.multipliedReportingOverflow(by: 4).partialValue, 16 << 20)
    var result = Parameters()
    for (name, tensor) in list {
      guard result[name] == nil else {
        throw FormatError(.corrupt, "two tensors are called '\(name)'", node: name)
      }
      do {
        result[name] = try tensor.tensor(storage(tensor.storage), budget: &budget)
      } catch { throw error.at(node: name) }
    }
    return result
  }

  private static func unwrapped(_ object: PickleValue) -> PickleValue {
    guard case .container(let container) = object, container.kind == .dictionary else { return object }
    let entries = container.entries
    for wrapper in wrappers {
      if let value = entries.first(where: { $0.key == wrapper })?.value, case .container(let inner) = value,
        inner.kind == .dictionary
      {
        return value
      }
    }
    return object
  }

  private static func flatten(
    _ value: PickleValue, _ path: String, _ depth: Int, _ visits: inout Int,
    _ list: inout [(name: String, tensor: TorchTensor)]
  ) throws(FormatError) {
    visits += 1
    if case .container(let container) = value { visits += container.items.count / 2 }
    guard depth <= nesting, visits <= tensors else {
      throw FormatError(.tooLarge, "the checkpoint is nested too deeply, or refers to itself")
    }
    func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch value {
    case .tensor(let tensor): list.append((path.isEmpty ? "tensor" : path, tensor))
    case .container(let container) where container.kind == .dictionary:
      for (key, value) in container.entries { try flatten(value, join(key), depth + 1, &visits, &list) }
    case .container(let container):
      for (index, value) in container.items.enumerated() {
        try flatten(value, join(String(index)), depth + 1, &visits, &list)
      }
    default: break
    }
  }
}
