import CVisionSystem
import Testing
import VisionSystem

/// SHA-256 against the examples of its standard, and its two ways of computing against each other.
@Suite struct ContentHashTests {
  /// Messages and digests of NIST's examples for FIPS PUB 180-4, and of its Secure Hash Algorithm Validation System (messages of
  /// 0, 8, 32 and 440 bits).
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func examplesOfTheStandard(_ message: String, _ digest: String) {
    #expect(ContentHash(of: Array(message.utf8)).hexadecimal == digest)
  }

  @Test func aMillionLetters() {
    let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(
      ContentHash(of: million).hexadecimal
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func examplesOfTheValidationSystem() {
    #expect(
      ContentHash(of: [0xd3]).hexadecimal
        == "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1")
    #expect(
      ContentHash(of: [0x74, 0xba, 0x25, 0x21]).hexadecimal
        == "b16aa56be3880d18cd41e68384cf1ec8c17680c45a02b1575dc1518923ae8b0e")
  }

  /// Bytes that repeat only after a long time.
  private func bytes(_ count: Int) -> [UInt8] {
    var state: UInt32 = 1
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }

  @Test func piecesOfAnyLengthGiveTheHashOfTheWhole() {
    let message = bytes(300)
    for length in 0...message.count {
      let whole = ContentHash(of: Array(message[..<length]))
      for cut in stride(from: 0, through: length, by: 7) {
        let parts = message[..<length].withUnsafeBytes { all in
          ContentHash(
            of: UnsafeRawBufferPointer(rebasing: all[..<cut]), UnsafeRawBufferPointer(rebasing: all[cut...]))
        }
        #expect(parts == whole, "\(cut) of \(length) bytes first")
      }
    }
  }

  @Test(.enabled(if: vn_sha256_has_instructions(), "this processor has no instructions for SHA-256"))
  func instructionsGiveTheStatesOfPlainC() {
    for blocks in [1, 2, 3, 17] {
      let message = bytes(64 * blocks)
      let start = (0..<8).map { UInt32(truncatingIfNeeded: 0x9e37_79b9 &* ($0 + 1)) }
      var (plain, fast) = (start, start)
      vn_sha256_compress_portable(&plain, message, blocks)
      vn_sha256_compress_instructions(&fast, message, blocks)
      #expect(plain == fast)
      #expect(plain != start)
    }
  }

  @Test func storedBytesAreReadBack() {
    let hash = ContentHash(of: [1, 2, 3])
    #expect(hash.bytes.count == ContentHash.byteCount)
    #expect(hash.bytes.withUnsafeBytes { ContentHash(stored: $0) } == hash)
    #expect(ContentHash(of: [1, 2]) != hash)
  }
}
