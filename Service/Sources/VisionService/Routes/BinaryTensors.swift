import HTTPTypes
import NIOCore

/// Tensors as bytes behind the JSON of the open inference protocol (its binary tensor data extension): little-endian, in the order of the
/// inputs or outputs that say `binary_data_size`.
enum BinaryTensors {
  /// The JSON of a body, and the bytes behind it.
  ///
  /// - Parameter length: the header that says how long the JSON is; nil where the body is nothing else.
  /// - Throws: `malformed`.
  static func parts(of body: ByteBuffer, length: String?) throws(ServiceError) -> (
    json: ByteBufferView, bytes: ByteBufferView
  ) {
    let all = body.readableBytesView
    guard let length else { return (all, all[all.endIndex...]) }
    guard let count = Int(length), (0...all.count).contains(count) else {
      throw ServiceError(
        .malformed, "Inference-Header-Content-Length is no number of bytes within the body of \(all.count)")
    }
    return (all[..<(all.startIndex + count)], all[(all.startIndex + count)...])
  }

  /// The numbers of a tensor.
  ///
  /// - Returns: nil where the bytes are no whole number of elements.
  static func numbers(_ bytes: ByteBufferView, datatype: String) -> [Float]? {
    if datatype == "UINT8" { return bytes.map { Float($0) } }
    guard bytes.count % 4 == 0 else { return nil }
    return bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { index in
        let bits = bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: bits))
      }
    }
  }

  static func bytes(of numbers: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * numbers.count)
    for number in numbers {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 }
    }
    return bytes
  }
}

extension HTTPField.Name {
  static var inferenceHeaderLength: HTTPField.Name {
    Self("Inference-Header-Content-Length") ?? .contentLength
  }
}
