import VisionSystem
public import VisionTensor

/// NumPy's `.npy` files: versions 1 to 3, C and Fortran order, both byte orders, all numbers and `bool`.
///
/// NumPy has no bfloat16, no floats of 8 bits and no numbers of 4 bits: such tensors are written as unsigned integers of
/// the same width that hold their bits (uint16 for bfloat16, uint8 for the others, numbers of 4 bits in the low bits of a
/// byte), and arrays of such bits that the Python package ml_dtypes writes are read as these integers.
///
/// Objects, strings, dates, complex and structured types are rejected with an error that names them.
///
/// Source: numpy.lib.format.
public enum NumPyArray {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads the array at `path`; a little-endian array in C order is not copied but stays a range of the
  /// mapped file.
  public static func read(_ path: String) throws(FormatError) -> Tensor { try read(MappedFile(path).bytes) }

  /// Reads an array from memory.
  public static func read(bytes: [UInt8]) throws(FormatError) -> Tensor { try read(ByteRange(bytes)) }

  /// The bytes of a version 1.0 file in C order.
  public static func bytes(_ tensor: Tensor) -> [UInt8] { chunks(tensor).array }

  /// Writes the array to `path`; an existing file is replaced as a whole.
  public static func write(_ tensor: Tensor, to path: String) throws(FormatError) {
    try AtomicFile.write(chunks(tensor), to: path)
  }

  static func read(_ bytes: ByteRange) throws(FormatError) -> Tensor {
    guard let start = bytes.slice(0, 6), start.array == magic, let major = bytes[6], bytes[7] != nil else {
      throw ForeignFile.explained(
        bytes.error(.corrupt, "this is no .npy file", remedy: "write it with numpy.save"), bytes,
        wanted: "a NumPy array (.npy)", own: .npy)
    }
    let wide = major >= 2
    guard (1...3).contains(major) else {
      throw bytes.error(.unsupported, "version \(major) of the .npy format is not supported", at: 6)
    }
    let length =
      wide ? bytes.integer(8, as: UInt32.self).map(Int.init) : bytes.integer(8, as: UInt16.self).map(Int.init)
    let begin = wide ? 12 : 10
    guard let length, let text = bytes.slice(begin, length) else {
      throw bytes.error(.truncated, "the header is cut off", at: begin)
    }
    guard length <= 1 << 16 else { throw bytes.error(.tooLarge, "the header has \(length) bytes", at: begin) }
    let header = try NumPyHeader(text)
    guard let size = TensorLimits.byteCount(header.shape, header.type) else {
      throw text.error(.tooLarge, "the shape \(Shape(header.shape)) is impossible")
    }
    let left = bytes.count - begin - length
    guard let data = bytes.slice(begin + length, size), left == size else {
      throw bytes.error(
        left < size ? .truncated : .corrupt,
        "\(header.type.rawValue) \(Shape(header.shape)) takes \(size) bytes, not \(left)",
        at: begin + length)
    }
    var tensor: Tensor
    if header.isSwapped {
      let unit = header.type.byteCount
      tensor = Tensor(elementType: header.type, shape: Shape(header.shape)) { target in
        data.withUnsafeBytes { source in
          for index in 0..<size { target[index] = source[index / unit * unit + unit - 1 - index % unit] }
        }
      }
    } else {
      tensor = TensorLimits.tensor(data, header.shape, header.type)
    }
    return header.isFortran && header.shape.count > 1 ? transposed(tensor) : tensor
  }

  /// The elements of a tensor stored in Fortran order, in row-major order.
  private static func transposed(_ tensor: Tensor) -> Tensor {
    let (shape, unit) = (tensor.shape, tensor.elementType.byteCount)
    var strides = [Int](repeating: 1, count: shape.rank)
    for axis in 1..<shape.rank { strides[axis] = strides[axis - 1] * max(shape[axis - 1], 1) }
    var coordinates = [Int](repeating: 0, count: shape.rank)
    var position = 0
    return Tensor(elementType: tensor.elementType, shape: shape) { target in
      tensor.withUnsafeBytes { source in
        for to in stride(from: 0, to: target.count, by: unit) {
          for byte in 0..<unit { target[to + byte] = source[position * unit + byte] }
          for axis in (0..<shape.rank).reversed() {
            coordinates[axis] += 1
            position += strides[axis]
            if coordinates[axis] < shape[axis] { break }
            position -= strides[axis] * shape[axis]
            coordinates[axis] = 0
          }
        }
      }
    }
  }

  static func chunks(_ tensor: Tensor) -> ByteChunks {
    let tensor = tensor.codes
    let extents = tensor.shape.map(String.init)
    let shape = extents.count == 1 ? "(\(extents[0]),)" : "(\(extents.joined(separator: ", ")))"
    var header =
      "{'descr': '\(NumPyHeader.descriptor(tensor.elementType))', 'fortran_order': False, 'shape': \(shape), }"
    // The elements start at a multiple of 64 bytes.
    let length = (10 + header.utf8.count + 1 + 63) / 64 * 64 - 10
    header += String(repeating: " ", count: length - header.utf8.count - 1) + "\n"
    var chunks = ByteChunks()
    chunks.append(magic + [1, 0])
    chunks.append(littleEndian: UInt16(length))
    chunks.append(header.utf8)
    chunks.append(tensor)
    return chunks
  }
}
