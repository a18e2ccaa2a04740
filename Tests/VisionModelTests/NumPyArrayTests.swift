import Testing
import VisionTensor

@testable import VisionModel

@Suite struct NumPyArrayTests {
  @Test func readsWhatNumPyWrites() throws {
    let fortran = try NumPyArray.read(Fixture.path("fortran_big_endian.npy"))
    #expect(fortran == Tensor((0..<6).map(Double.init), shape: [2, 3]))
    #expect(try NumPyArray.read(Fixture.path("version3.npy")) == Tensor([Int16(0), 1, 2, 3], shape: [2, 2]))
    #expect(try NumPyArray.read(Fixture.path("version2_bool.npy")) == Tensor([true, false, true]))
  }

  @Test(
    arguments: ElementType.allCases,
    [Shape([]), [3], [2, 3], [0, 4], [1, 2, 1, 2]])
  func readsBackWhatItWrites(_ type: ElementType, _ shape: Shape) throws {
    let tensor = Tensor(doubles: (0..<shape.elementCount).map(Double.init), shape: shape, elementType: type)
    let bytes = NumPyArray.bytes(tensor)
    #expect((bytes.count - tensor.byteCount) % 64 == 0)
    // Types that NumPy lacks come back as the integers that hold their bits.
    #expect(try NumPyArray.read(bytes: bytes) == tensor.codes)
  }

  @Test(arguments: [("|V1", ElementType.uint8), ("<f1", .uint8), ("<V2", .uint16)])
  func readsTheBitsOfTypesFromElsewhere(_ descriptor: String, _ type: ElementType) throws {
    let header = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (2,), }"
    var chunks = ByteChunks()
    chunks.append([0x93] + Array("NUMPY".utf8) + [1, 0])
    chunks.append(littleEndian: UInt16(header.utf8.count))
    chunks.append(header.utf8)
    chunks.append([UInt8](repeating: 7, count: 2 * type.byteCount))
    #expect(
      try NumPyArray.read(bytes: chunks.array)
        == Tensor(doubles: [7, 7].map { type == .uint8 ? $0 : 0x707 }, shape: [2], elementType: type))
  }

  @Test func otherTypesAreRefusedByName() {
    #expect(
      formatError { _ = try NumPyArray.read(Fixture.path("complex.npy")) }?.message.contains("'<c16'") == true
    )
  }

  @Test(arguments: [
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9223372036854775807, 9), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f4', 'fortran_order': 1, 'shape': (1,), }",
    "{'descr': '<f4', 'shape': (1,), }",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } print", "__import__('os')", "{", "",
  ])
  func headersThatAreNoneAreRefused(_ header: String) {
    var chunks = ByteChunks()
    chunks.append([0x93] + Array("NUMPY".utf8) + [1, 0])
    chunks.append(littleEndian: UInt16(header.utf8.count))
    chunks.append(header.utf8)
    chunks.append([0, 0, 0, 0])
    #expect(formatError { _ = try NumPyArray.read(bytes: chunks.array) } != nil)
  }

  @Test(arguments: ["fortran_big_endian.npy", "version2_bool.npy"])
  func anyDamageGivesAValueOrAFormatError(_ name: String) throws {
    let bytes = try Fixture.bytes(name)
    #expect(checkHostile(bytes, flips: 2000) { _ = try NumPyArray.read(bytes: $0) } == bytes.count)
  }
}
