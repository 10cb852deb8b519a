//! A read-only map from 64-bit hashes to positions, the shape that every compiled table of this plugin has on disk and in memory: the
//! hash's upper bits choose a bucket of about four entries, a tag from its lower bits tells them apart. No empty slots. A hash that was
//! never stored is taken for another with a chance of about 4 in 2^(bits of the tag).

use crate::bytes::{BadData, Reader, Writer};
use std::borrow::Cow;
use std::marker::PhantomData;

/// What tells the entries of one bucket apart.
pub trait Tag: Copy + Eq + Default {
    /// Bytes it takes on disk.
    const SIZE: usize;
    /// The tag of a hash.
    fn of(hash: u64) -> Self;
    /// Reads one.
    fn load(bytes: &[u8]) -> Self;
    /// Writes one.
    fn store(self, out: &mut Writer);
}

impl Tag for u16 {
    const SIZE: usize = 2;
    fn of(hash: u64) -> u16 {
        hash as u16
    }
    fn load(bytes: &[u8]) -> u16 {
        u16::from_le_bytes([bytes[0], bytes[1]])
    }
    fn store(self, out: &mut Writer) {
        out.u16(self);
    }
}

impl Tag for u32 {
    const SIZE: usize = 4;
    fn of(hash: u64) -> u32 {
        hash as u32
    }
    fn load(bytes: &[u8]) -> u32 {
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }
    fn store(self, out: &mut Writer) {
        out.u32(self);
    }
}

/// The map.
#[derive(Clone, Debug)]
pub struct Buckets<T> {
    shift: u32,
    starts: Vec<u32>,
    /// The tags, as they lie in the file.
    tags: Cow<'static, [u8]>,
    kind: PhantomData<T>,
}

impl<T: Tag> Buckets<T> {
    /// A map of `hashes`, and for each position of the map the index that its hash had in `hashes`. Later duplicates (the same bucket
    /// and tag) are left out.
    pub fn build(hashes: &[u64]) -> (Buckets<T>, Vec<usize>) {
        Self::build_with(hashes, (usize::BITS - (hashes.len() / 4).leading_zeros()).clamp(1, 24))
    }

    /// As [`build`](Self::build), with 2^`bits` buckets (1 to 24).
    pub fn build_with(hashes: &[u64], bits: u32) -> (Buckets<T>, Vec<usize>) {
        let shift = 64 - bits;
        let mut order: Vec<usize> = (0..hashes.len()).collect();
        order.sort_by_key(|&i| (hashes[i] >> shift, i));
        let mut starts = vec![0u32; (1 << bits) + 1];
        let mut tags: Vec<T> = Vec::with_capacity(hashes.len());
        let mut kept: Vec<usize> = Vec::with_capacity(hashes.len());
        let mut next = 0;
        for bucket in 0..1usize << bits {
            let first = tags.len();
            starts[bucket] = first as u32;
            while next < order.len() && (hashes[order[next]] >> shift) as usize == bucket {
                let tag = T::of(hashes[order[next]]);
                if !tags[first..].contains(&tag) {
                    tags.push(tag);
                    kept.push(order[next]);
                }
                next += 1;
            }
        }
        starts[1 << bits] = tags.len() as u32;
        let mut bytes = Writer::default();
        tags.iter().for_each(|tag| tag.store(&mut bytes));
        (Buckets { shift, starts, tags: Cow::Owned(bytes.0), kind: PhantomData }, kept)
    }

    /// The position of `hash`.
    #[inline]
    pub fn find(&self, hash: u64) -> Option<usize> {
        let bucket = (hash >> self.shift) as usize;
        let first = self.starts[bucket] as usize;
        let tag = T::of(hash);
        let end = self.starts[bucket + 1] as usize;
        self.tags[first * T::SIZE..end * T::SIZE]
            .chunks_exact(T::SIZE)
            .position(|t| T::load(t) == tag)
            .map(|at| first + at)
    }

    /// Brings close what [`find`](Self::find) reads for these hashes, all of it at once: the waits for far memory overlap. `touch` is to
    /// read something of what stands at a position elsewhere.
    pub fn fetch(&self, hashes: impl Iterator<Item = u64> + Clone, touch: impl Fn(usize) -> u8) {
        let mut touched = 0;
        for hash in hashes.clone() {
            touched ^= self.starts[(hash >> self.shift) as usize];
        }
        for hash in hashes {
            let first = self.starts[(hash >> self.shift) as usize] as usize;
            touched ^= u32::from(self.tags.get(first * T::SIZE).copied().unwrap_or(0) ^ touch(first));
        }
        std::hint::black_box(touched);
    }

    /// How many bits of a hash choose the bucket.
    pub fn bits(&self) -> u32 {
        64 - self.shift
    }

    /// The tags of each bucket.
    pub fn buckets(&self) -> impl Iterator<Item = impl ExactSizeIterator<Item = T>> {
        self.starts.windows(2).map(|pair| {
            self.tags[pair[0] as usize * T::SIZE..pair[1] as usize * T::SIZE].chunks_exact(T::SIZE).map(T::load)
        })
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.tags.len() / T::SIZE
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// Writes the map.
    pub fn store(&self, out: &mut Writer) {
        out.u32(64 - self.shift);
        out.u32(self.len() as u32);
        for pair in self.starts.windows(2) {
            out.u8((pair[1] - pair[0]).min(255) as u8);
        }
        out.align();
        out.0.extend(&*self.tags);
    }

    /// Reads a map.
    ///
    /// # Errors
    /// The data end early, or the sizes of the buckets do not add up to the number of entries.
    pub fn load(data: &mut Reader<'static>) -> Result<Buckets<T>, BadData> {
        let bits = data.u32()?;
        let count = data.u32()? as usize;
        if !(1..=24).contains(&bits) {
            return Err(BadData("a table's number of buckets"));
        }
        let mut starts = Vec::with_capacity((1 << bits) + 1);
        let mut total = 0u32;
        for &size in data.take(1 << bits)? {
            starts.push(total);
            total += u32::from(size);
        }
        starts.push(total);
        if total as usize != count {
            return Err(BadData("the sizes of a table's buckets"));
        }
        data.align()?;
        let tags = Cow::Borrowed(data.take(count * T::SIZE)?);
        Ok(Buckets { shift: 64 - bits, starts, tags, kind: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use factbox_sdk::hashing::mix;

    #[test]
    fn finds_what_was_stored_after_a_round_trip() {
        let hashes: Vec<u64> = (0..5000).map(|i| mix(i, 77)).collect();
        let (built, kept) = Buckets::<u32>::build(&hashes);
        assert_eq!(kept.len(), hashes.len());
        let mut out = Writer::default();
        built.store(&mut out);
        let loaded = Buckets::<u32>::load(&mut Reader::new(out.0.leak())).expect("what was written");
        for (position, &index) in kept.iter().enumerate() {
            assert_eq!(loaded.find(hashes[index]), Some(position));
        }
        let strangers = (5000..15000).filter(|&i| loaded.find(mix(i, 77)).is_some()).count();
        assert_eq!(strangers, 0);
    }

    #[test]
    fn refuses_data_cut_short() {
        let (built, _) = Buckets::<u16>::build(&[1, 2, 3]);
        let mut out = Writer::default();
        built.store(&mut out);
        assert!(Buckets::<u16>::load(&mut Reader::new(&out.0.leak()[..65])).is_err());
    }
}
