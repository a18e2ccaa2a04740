import VisionModel
import VisionNet
import VisionSystem

/// The description of a file of tensors by `inspect`: a checkpoint, safetensors, or NumPy arrays.
struct TensorReport {
  let path: String
  let format: TensorFormat
  let contents: SafeTensors.Contents

  /// - Throws: `FormatError` if the tensors cannot be read.
  init(_ path: String, _ format: TensorFormat) throws(FormatError) {
    self.path = path
    self.format = format
    contents = try format.read(path)
  }

  /// The report on the file at `path`; nil for a file that may be a model or an image.
  ///
  /// - Throws: `FormatError`, which names the format, if the file is of another known format.
  static func of(_ path: FilePath) throws(FormatError) -> TensorReport? {
    guard path.kind == .file, let foreign = ForeignFile(path: path.text) else { return nil }
    if let format = foreign.tensors { return try TensorReport(path.text, format) }
    if foreign.isImage { return nil }
    throw foreign.error(wanted: "a model, an image or a file of tensors", file: path.printable)
  }

  private var byteCount: Int { contents.parameters.reduce(0) { $0 + $1.tensor.byteCount } }

  /// - Parameter width: the columns of the terminal; nil where there is none.
  func text(width: Int?) -> String {
    var rows = [["name", "type", "shape", "elements"]]
    for (name, tensor) in contents.parameters {
      rows.append([
        FilePath(name).printable, tensor.elementType.rawValue, "\(tensor.shape)",
        Figures.grouped(tensor.elementCount),
      ])
    }
    var lines = [FilePath(path).printable, "", TextTable.text(rows, numbers: [3], width: width), ""]
    lines += [
      "format      \(format.title)", "tensors     \(contents.parameters.count)",
      "parameters  \(Figures.grouped(contents.parameters.elementCount))",
      "bytes       \(Figures.grouped(byteCount))",
    ]
    for (key, value) in contents.metadata {
      lines.append("metadata    \(FilePath(key).printable): \(FilePath(value).printable)")
    }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    [
      "schema": JSON.schema, "path": .string(path), "kind": "tensors", "format": .string(format.rawValue),
      "tensors": .array(
        contents.parameters.map { name, tensor in
          [
            "name": .string(name), "type": .string(tensor.elementType.rawValue),
            "shape": .array(tensor.shape.map { .integer($0) }), "bytes": .integer(tensor.byteCount),
          ]
        }),
      "parameters": .integer(contents.parameters.elementCount), "bytes": .integer(byteCount),
      "metadata": .object(contents.metadata.map { ($0.key, .string($0.value)) }),
    ]
  }
}
