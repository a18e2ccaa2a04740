import Foundation
import VisionGraph
import VisionTensor

@testable import VisionModel

/// One of ONNX's own tests of an operator: a model of a few nodes, inputs, and the outputs that they must give.
struct OnnxNodeCase {
  /// What became of a case.
  enum Outcome {
    case passed
    /// The file needs something that VisionNet does not have, and the error says what.
    case unsupported(String)
    /// Shapes or types do not fit the operators, or a needed input is no constant, and the error says so.
    case refused(String)
    case failed(String)
  }

  /// `onnx/backend/test/data/node` of the Python package onnx, given by the environment.
  static var root: String? { ProcessInfo.processInfo.environment["VISIONNET_ONNX_TESTS"] }

  let name: String
  private let folder: URL

  /// Every case in the folder, sorted by name.
  static func all(in root: String) throws -> [OnnxNodeCase] {
    let names = try FileManager.default.contentsOfDirectory(atPath: root).sorted()
    let cases = names.map { OnnxNodeCase(name: $0, folder: URL(fileURLWithPath: root).appending(path: $0)) }
    return cases.filter {
      FileManager.default.fileExists(atPath: $0.folder.appending(path: "model.onnx").path)
    }
  }

  /// Runs the model by the interpreter, and again with its inputs as initializers where shapes depend on them.
  func run() -> Outcome {
    do {
      let model = [UInt8](try Data(contentsOf: folder.appending(path: "model.onnx")))
      let file = try OnnxFile(ByteRange(model))
      // Refused before the data are looked at, which may be no tensors at all.
      do {
        try OnnxSupport(.standard).check(file)
      } catch { return .unsupported(error.message) }
      let inputs = try tensors("input", count: file.inputs.count)
      var outcome = Outcome.failed("not run")
      for constants in [Set<Int>(), Self.integers(inputs), Set(inputs.indices)] {
        outcome = try run(model, file, inputs, constants: constants)
        switch outcome {
        case .passed, .failed: return outcome
        case .refused, .unsupported: continue
        }
      }
      return outcome
    } catch { return .failed("\(error)") }
  }

  private func run(
    _ model: [UInt8], _ file: OnnxFile, _ inputs: [(bytes: [UInt8], tensor: Tensor)], constants: Set<Int>
  ) throws -> Outcome {
    let names = file.inputs.map(\.name)
    var given: [String: Tensor] = [:]
    var initializers: [[UInt8]] = []
    for (index, input) in inputs.enumerated() {
      if constants.contains(index) {
        initializers.append(input.bytes + Protobuf.field(8, Array(names[index].utf8)))
      } else {
        given[names[index]] = input.tensor
      }
    }
    let results: [String: Tensor]
    do {
      let bytes = Protobuf.adding(initializers: initializers, to: model)
      let model = try OnnxReader.read(bytes: bytes, inputShapes: given.mapValues(\.shape))
      results = try Interpreter(model.graph, parameters: model.parameters).run(given)
    } catch let error as FormatError {
      switch error.kind {
      case .unsupported: return .unsupported(error.message)
      case .network, .dataDependent: return .refused(error.description)
      default: return .failed(error.description)
      }
    } catch { return .failed("\(error)") }
    for (output, golden) in zip(file.outputs, try tensors("output", count: file.outputs.count)) {
      guard let result = results[output.name] else { return .failed("\(output.name) is missing") }
      if let difference = Self.difference(result, golden.tensor) {
        return .failed("\(output.name): \(difference)")
      }
    }
    return .passed
  }

  /// How two tensors differ by more than ONNX's own test runner allows, or nil.
  private static func difference(_ a: Tensor, _ b: Tensor) -> String? {
    guard a.elementType == b.elementType, a.shape == b.shape else { return "\(a) instead of \(b)" }
    for (index, (x, y)) in zip(a.doubles, b.doubles).enumerated() {
      if x == y || x.isNaN && y.isNaN { continue }
      let bound = a.elementType.isFloatingPoint && y.isFinite ? 1e-7 + 1e-3 * abs(y) : 0
      guard abs(x - y) <= bound else { return "\(x) instead of \(y) at \(index)" }
    }
    return nil
  }

  private static func integers(_ inputs: [(bytes: [UInt8], tensor: Tensor)]) -> Set<Int> {
    Set(inputs.indices.filter { !inputs[$0].tensor.elementType.isFloatingPoint })
  }

  private func tensors(_ kind: String, count: Int) throws -> [(bytes: [UInt8], tensor: Tensor)] {
    try (0..<count).map { index in
      let path = folder.appending(path: "test_data_set_0/\(kind)_\(index).pb")
      let bytes = [UInt8](try Data(contentsOf: path))
      return (bytes, try OnnxTensor(ByteRange(bytes)).tensor(nil))
    }
  }
}

/// As much of the wire format as adding initializers to a model takes.
private enum Protobuf {
  /// A length-delimited field.
  static func field(_ number: Int, _ content: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(content.count) + content
  }

  /// The model with initializers added to its graph (field 7 of the model, field 5 of the graph).
  static func adding(initializers: [[UInt8]], to model: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    while position < model.count {
      let start = position
      let key = readVarint(model, &position)
      switch key & 7 {
      case 0: _ = readVarint(model, &position)
      case 1: position += 8
      case 5: position += 4
      default:
        let count = readVarint(model, &position)
        position += count
        if key >> 3 == 7 {
          let graph = Array(model[(position - count)..<position])
          result += field(7, initializers.reduce(graph) { $0 + field(5, $1) })
          continue
        }
      }
      result += model[start..<position]
    }
    return result
  }

  private static func varint(_ number: Int) -> [UInt8] {
    var (rest, bytes) = (number, [UInt8]())
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func readVarint(_ bytes: [UInt8], _ position: inout Int) -> Int {
    var (result, shift) = (0, 0)
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      result |= Int(byte & 127) << shift
      shift += 7
      if byte < 128 { break }
    }
    return result
  }
}
