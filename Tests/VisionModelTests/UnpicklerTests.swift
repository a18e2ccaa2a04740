import Testing

@testable import VisionModel

@Suite struct UnpicklerTests {
  private func run(_ bytes: [UInt8]) throws -> String {
    let unpickler = Unpickler(ByteRange([0x80, 2] + bytes))
    return "\(try unpickler.run())"
  }

  private func refusal(_ bytes: [UInt8]) -> FormatError? { formatError { _ = try run(bytes) } }

  @Test func readsIntegersOfEverySize() throws {
    #expect(try run([0x4B, 200, 0x2E]) == "int(200)")
    #expect(try run([0x4A, 0xFE, 0xFF, 0xFF, 0xFF, 0x2E]) == "int(-2)")
    #expect(try run([0x8A, 0, 0x2E]) == "int(0)")
    #expect(try run([0x8A, 2, 0, 0x80, 0x2E]) == "int(-32768)")
    #expect(try run([0x8A, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x2E]) == "int(\(Int.max))")
    #expect(try run([0x47, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0x2E]) == "float(1.5)")
  }

  @Test func callsToTheSystemAreRefusedByName() {
    // cos\nsystem\n(S'…'tR: what the textbook attack looks like.
    let classic =
      Array("cos\nsystem\n".utf8) + [0x28, 0x58, 2, 0, 0, 0] + Array("ls".utf8) + [0x74, 0x52, 0x2E]
    #expect(refusal(classic)?.message.contains("os.system") == true)
    let modern =
      [0x8C, 5] + Array("posix".utf8) + [0x8C, 6] + Array("system".utf8) + [0x93, 0x8C, 2] + Array("ls".utf8)
      + [0x85, 0x52, 0x2E]
    #expect(refusal(modern)?.message.contains("posix.system") == true)
    let instance = [0x28] + Array("ios\nsystem\n".utf8) + [0x2E]
    #expect(refusal(instance)?.message.contains("os.system") == true)
    #expect(refusal(Array("cbuiltins\neval\n.".utf8))?.message.contains("builtins.eval") == true)
    #expect(refusal(Array("ctorch\nload\n.".utf8))?.message.contains("torch.load") == true)
  }

  @Test(arguments: [UInt8]([0x6F, 0x92, 0x82, 0x83, 0x84, 0x50, 0x97, 0x98, 0x49, 0x56, 0xEE]))
  func otherInstructionsAreRefused(_ code: UInt8) {
    #expect(refusal([0x28, code, 0x2E])?.kind == .unsupported)
  }

  @Test func callingOrBuildingDataIsRefused() {
    #expect(refusal([0x4E, 0x29, 0x52, 0x2E]) != nil)
    #expect(refusal([0x4E, 0x7D, 0x62, 0x2E]) != nil)
    #expect(refusal(Array("ctorch\nFloatStorage\n".utf8) + [0x29, 0x52, 0x2E]) != nil)
  }

  @Test func aStackThatIsTooShortIsRefused() {
    for bytes: [UInt8] in [
      [0x2E], [0x30, 0x2E], [0x85, 0x2E], [0x74, 0x2E], [0x28, 0x30, 0x2E], [0x68, 0, 0x2E], [0x61, 0x2E],
      [0x94],
    ] {
      #expect(refusal(bytes)?.kind == .corrupt)
    }
    #expect(refusal([0x58, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E])?.kind == .truncated)
    #expect(refusal([0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E])?.kind == .corrupt)
  }

  @Test func chainsAndCyclesOfAMillionContainersAreTakenApart() throws {
    let tuples = [0x29] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2E]
    let unpickler = Unpickler(ByteRange([0x80, 2] + tuples))
    guard case .container = try unpickler.run() else {
      Issue.record("no tuple")
      return
    }
    // A list that holds itself.
    let cycle = Unpickler(ByteRange([0x80, 2, 0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E]))
    guard case .container(let list) = try cycle.run() else {
      Issue.record("no list")
      return
    }
    #expect(list.items.count == 1)
  }

  @Test func referencesDoNotMultiplyMemory() {
    // One list of 200 items, then a set of it for every 4 bytes.
    var bytes: [UInt8] = [0x5D, 0x71, 0, 0x28] + [UInt8](repeating: 0x4E, count: 200) + [0x65]
    for _ in 0..<100 { bytes += Array("cbuiltins\nset\n".utf8) + [0x68, 0, 0x85, 0x52, 0x30] }
    for _ in 0..<100 { bytes += Array("cbuiltins\nset\n".utf8) + [0x68, 0, 0x85, 0x52, 0x30] }
    #expect(refusal(bytes + [0x2E])?.kind == .tooLarge)
  }
}
