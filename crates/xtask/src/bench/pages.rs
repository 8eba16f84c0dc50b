//! Pages of a running server with a million customers, asked over the loopback by one client after another.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::{Operator, measure, note, report, tenure};

const ADDRESS: &str = "127.0.0.1:18080";
const ROUNDS: usize = 200;

/// The data folder outlives a run, and its users with it.
fn username() -> String {
    format!("bench-head-{}", std::process::id())
}

pub fn run(operator: &Operator) -> Result<()> {
    operator.import()?;
    measure(tenure().args(["cycle", "--data"]).arg(&operator.data))?;
    let server = Server::start(operator)?;
    let mut client = Client::sign_in(&username(), "bench-password")?;

    let customers = operator_customers(operator)?;
    // A fixed stride through the customers: no two rounds ask for the same page.
    let ids: Vec<u64> = (0..ROUNDS as u64).map(|round| 1 + (round * 7919) % customers).collect();
    let stages = ["potential", "development", "growth", "maturity", "decline", "termination"];
    let sorts = ["revenue", "profit", "since", "name"];
    measure_pages(&mut client, "customer list", |round| {
        format!("/customers?sort={}&dir=desc", sorts[round % sorts.len()])
    })?;
    measure_pages(&mut client, "customer list, filtered", |round| {
        format!(
            "/customers?stage={}&star={}&sort=revenue&dir=desc",
            stages[round % stages.len()],
            1 + round % 5
        )
    })?;
    measure_pages(&mut client, "Today", |_| "/".to_owned())?;
    let bands = ["high", "medium", "low"];
    measure_pages(&mut client, "customer list, by risk and need", |round| {
        format!("/customers?risk={}&need=office&revenue-from={}&sort=loss", bands[round % 3], round * 100)
    })?;
    // What nobody has, what nearly everyone has, and what lies between, by characters, pinyin, initials and number.
    let typed = [
        "gs",
        "youxiangongsi",
        "%E5%85%AC%E5%8F%B8",
        "zhizao",
        "zz",
        "qqqq",
        "C",
        "C0000019",
        "91SAMPLE",
        "999999",
        "xyzxyz",
        "%E4%B8%8D%E5%AD%98%E5%9C%A8",
        "%E7%8E%8B",
        "M",
        "zgydyxgs",
        "0",
    ];
    measure_within(&mut client, "search", [20.0, 60.0], |round| {
        format!("/search?q={}", typed[round % typed.len()])
    })?;
    measure_pages(&mut client, "customer page", |round| format!("/customers/{}", ids[round]))?;
    measure_pages(&mut client, "Insight", |round| format!("/insight?unit={}", 1 + round % 20))?;
    // Two groups of conditions over everyone, beside the segments that are kept.
    measure_within(&mut client, "segment builder", [1000.0; 2], |round| {
        format!(
            "/segments?stage={}&risk={}&revenue-from={}&or=1&value=high&factor=price&age-from={}",
            stages[round % stages.len()],
            bands[round % 3],
            round * 100,
            round % 24
        )
    })?;
    note("server, peak memory", server.peak_mib() as f64, "MiB");
    Ok(())
}

fn measure_pages(client: &mut Client, name: &str, address: impl Fn(usize) -> String) -> Result<()> {
    measure_within(client, name, [10.0, 30.0], address)
}

/// The limits are those of the median and of the slowest twentieth, in milliseconds.
fn measure_within(
    client: &mut Client,
    name: &str,
    [median, slow]: [f64; 2],
    address: impl Fn(usize) -> String,
) -> Result<()> {
    client.get(&address(0))?;
    let mut times = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let began = Instant::now();
        let status = client.get(&address(round))?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
        ensure!(status == 200, "{} answered {status}", address(round));
    }
    times.sort_by(f64::total_cmp);
    report(&format!("{name}, median"), times[ROUNDS / 2], "ms", median);
    report(&format!("{name}, p95"), times[ROUNDS * 95 / 100], "ms", slow);
    Ok(())
}

fn operator_customers(operator: &Operator) -> Result<u64> {
    let file = std::fs::File::open(operator.extract.join("customers.csv"))?;
    Ok(BufReader::new(file).split(b'\n').count() as u64 - 1)
}

struct Server(Child);

impl Server {
    fn start(operator: &Operator) -> Result<Self> {
        let mut user = tenure()
            .args(["user", &username(), "--staff-role", "unit_head", "--data"])
            .arg(&operator.data)
            .stdin(Stdio::piped())
            .spawn()?;
        user.stdin.take().context("its input")?.write_all(b"bench-password\n")?;
        ensure!(user.wait()?.success(), "no user could be made");
        let child = tenure()
            .args(["serve", "--port", "18080", "--data"])
            .arg(&operator.data)
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self(child);
        let began = Instant::now();
        while TcpStream::connect(ADDRESS).is_err() {
            ensure!(began.elapsed() < Duration::from_secs(120), "the server did not come up");
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    fn peak_mib(&self) -> u64 {
        super::peak_kib(format!("/proc/{}/status", self.0.id()).as_ref()).unwrap_or(0) / 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = self.0.kill().and_then(|()| self.0.wait());
        if let Err(error) = stopped {
            eprintln!("xtask: the server did not stop: {error}");
        }
    }
}

/// One connection that stays open, with the session's cookie.
struct Client {
    stream: BufReader<TcpStream>,
    cookie: String,
}

impl Client {
    fn sign_in(username: &str, password: &str) -> Result<Self> {
        let stream = TcpStream::connect(ADDRESS)?;
        stream.set_nodelay(true)?;
        let mut client = Self { stream: BufReader::new(stream), cookie: String::new() };
        let form = format!("username={username}&password={password}");
        write!(
            client.stream.get_mut(),
            "POST /login HTTP/1.1\r\nHost: {ADDRESS}\r\nOrigin: http://{ADDRESS}\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        )?;
        let (status, cookie) = client.answer()?;
        ensure!((300..400).contains(&status), "signing in answered {status}");
        client.cookie = cookie.context("no session cookie")?;
        Ok(client)
    }

    fn get(&mut self, path: &str) -> Result<u16> {
        write!(
            self.stream.get_mut(),
            "GET {path} HTTP/1.1\r\nHost: {ADDRESS}\r\nCookie: {}\r\n\r\n",
            self.cookie
        )?;
        Ok(self.answer()?.0)
    }

    /// Status and the cookie set, if any; the body is read and dropped.
    fn answer(&mut self) -> Result<(u16, Option<String>)> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).context("no status line")?.parse()?;
        let mut cookie = None;
        let mut length = None;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.parse::<usize>()?),
                "set-cookie" => cookie = value.split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        match length {
            Some(length) => {
                let mut body = vec![0; length];
                self.stream.read_exact(&mut body)?;
            }
            None => self.skip_chunks()?,
        }
        Ok((status, cookie))
    }

    fn skip_chunks(&mut self) -> Result<()> {
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16).context("a chunk's size")?;
            let mut chunk = vec![0; size + 2];
            self.stream.read_exact(&mut chunk)?;
            if size == 0 {
                return Ok(());
            }
        }
    }
}
